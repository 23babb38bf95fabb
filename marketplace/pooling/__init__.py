"""
Pooling: people club together to do or buy what none of them would, or could, alone.

Owns: pools from the first idea to the end: interests, wishes and providers' answers, members and their own space, what
they agree, pledges, shared visits, measures and stories.
Promises: one live pledge per person per pool; all of them go ahead or nobody does; nobody pays more than they pledged,
and a pool that does not come about costs nobody a penny; members know each other only by what they chose to be called,
what they say stays with them, a provider sees numbers before it goes ahead, and councils see none of it.
"""
