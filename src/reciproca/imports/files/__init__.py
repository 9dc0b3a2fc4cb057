"""
Tables out of files: CSV in whatever dialect and encoding, compressed or not, and XLSX.

Row after row, in constant memory. What a file is, its first bytes say, not its name.
"""
