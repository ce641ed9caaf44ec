"""The study question: who would have been told what, when, by the law of its time and of today?"""
