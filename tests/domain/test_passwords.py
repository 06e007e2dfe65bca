from kit.domain.passwords import fingerprint, hash_password, is_right, trouble


def test_a_hash_is_argon2id_and_fits_its_password_only():
    stored = hash_password("four words in a row")
    assert stored.startswith("$argon2id$")
    assert is_right(stored, "four words in a row")
    assert not is_right(stored, "four words in a ro")


def test_nobody_and_nonsense_are_refused():
    assert not is_right(None, "nobody has this password")
    assert not is_right("no hash", "x")


def test_what_a_password_needs():
    assert trouble("long enough", "long enough") is None
    assert "10 characters" in str(trouble("short", "short"))
    assert "at most" in str(trouble("x" * 201, "x" * 201))
    assert "differ" in str(trouble("long enough", "long enougj"))


def test_a_new_password_has_a_new_fingerprint():
    assert fingerprint("a") != fingerprint("b")
    assert fingerprint(None) != fingerprint("a")
