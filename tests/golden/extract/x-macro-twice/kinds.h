KIND(a)
KIND(b)
