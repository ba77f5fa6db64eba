from django.contrib.auth.hashers import Argon2PasswordHasher


class HasherProcess(Argon2PasswordHasher):
    pass
