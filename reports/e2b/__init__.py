"""What does a case say in the words of ICH E2B(R3), and may it leave the house like this?"""
