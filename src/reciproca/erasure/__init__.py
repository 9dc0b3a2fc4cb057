"""
A person is erased (GDPR, art. 17): what hinders it, what the law has kept and until when, and one
act that lets each room forget what it holds of them.
"""
