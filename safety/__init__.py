"""What it means: the domain of cases, assessments and deadlines."""
