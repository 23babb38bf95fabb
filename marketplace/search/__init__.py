"""
Search: what can be found, in the words people use, near where they are.

Owns: documents (one for each thing that can be found), the shelves they stand on, and the words they hold.
Promises: a document changes in the transaction that changes what it describes; the index can be dropped and rebuilt;
both databases find the same things in the same order; what is looked for in vain is counted, never the words.
"""
