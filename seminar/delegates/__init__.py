"""Delegates: everybody on the list, guest or summoned, in their groups; how lists come in and go out."""
