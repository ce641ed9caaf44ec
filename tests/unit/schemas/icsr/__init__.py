"""The ICSR reader: safe XML, every value, every fault, nothing lost."""
