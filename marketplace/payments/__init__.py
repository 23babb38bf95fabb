"""
Payments: how money moves from people to providers, and back. It never passes through us.

Owns: payments, refunds, charges, saved cards, providers' accounts at Stripe and bank details, and what Stripe tells us.
Promises: one effect for one key; nobody pays more than they owe or is given back more than they paid; what Stripe tells
us is stored before it is believed; whatever breaks, a card is charged once, and both books say so.
"""
