"""
Pooling: people club together to reach a price that none of them gets alone.

Owns: pools and pledges.
Promises: one live pledge per person per pool; nobody is accepted after the last day or once it is met; a pool that
does not come about costs nobody a penny; members are never listed to anybody, and councils see none of it.
"""
