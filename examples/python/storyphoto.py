# SPDX-License-Identifier: MIT
"""An upload through storyphoto, from Python 3.9, with nothing but the standard library.

    error, receipt = storyphoto.process(stream, "/srv/site/public/photos", "/photos")
    if error is None:
        ... receipt["picture"] ...
    else:
        ... storyphoto.say(error, "en") ...

No shell is started, and nothing that the client has named reaches a command line.
"""
import functools
import json
import logging
import os
import re
import subprocess
import tempfile
import threading

PROGRAM = os.environ.get("STORYPHOTO", "/usr/local/bin/storyphoto")
OPTIONS = ["--preset", "story", "--set", "preset.names=random", "--set", "limits.timeout=20"]
SECONDS = 40  # for one photo, more than the preset's timeout
AT_ONCE = threading.BoundedSemaphore(2)  # in this process: a server with four workers has eight
WAIT = 10  # seconds, for one of these places

log = logging.getLogger(__name__)


def process(upload, folder, base_url=""):
    """Publish what is made of upload, a file object, in folder.

    Returns (error, receipt). error is None only when all is published, else a word for say();
    receipt may be empty then.
    """
    # A file without a name, gone whatever happens. As storyphoto's standard input it can be read
    # a second time after a crash, and nobody who sends slowly keeps one of the places.
    with tempfile.TemporaryFile() as spool:
        while chunk := upload.read(65536):
            spool.write(chunk)
        spool.seek(0)  # which flushes, too
        if not AT_ONCE.acquire(timeout=WAIT):
            return "busy", {}
        try:
            return _run(spool, folder, base_url)
        finally:
            AT_ONCE.release()


def _run(spool, folder, base_url):
    command = [PROGRAM, "process", "--json", "-o", folder, "--base-url", base_url, *OPTIONS, "-"]
    try:
        # Standard error is ours. At the end of the time it is killed: that leaves no half file,
        # and its renderers end with it.
        done = subprocess.run(command, stdin=spool, stdout=subprocess.PIPE, env={},
                              timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        log.error("storyphoto did not end within %d s", SECONDS)
        return "busy", {}
    except OSError as error:
        log.error("cannot start storyphoto: %s", error)
        return "internal", {}
    try:
        receipt = json.loads(done.stdout)
    except ValueError:  # nothing was begun: no such preset or folder
        receipt = {}
    if receipt.get("schema") != "storyphoto.receipt/1":
        log.error("storyphoto gave no receipt and exit code %d", done.returncode)
        return "internal", {}
    # Both must say so: a receipt alone might be that of a run that did not end well.
    if done.returncode == 0 and receipt["status"] == "ok":
        return None, receipt
    error = receipt.get("error", {"code": "internal", "message": "it did not end well"})
    if receipt["status"] != "refused":  # not the photo's fault: for who keeps the site
        log.error("storyphoto: %s (%s)", error["message"], error["code"])
    return error["code"], receipt


@functools.lru_cache(maxsize=16)
def _sentences(language):
    out = subprocess.run([PROGRAM, "errors", "--json", "--lang", language], env={}, timeout=5,
                         stdin=subprocess.DEVNULL, capture_output=True, check=True).stdout
    return json.loads(out)  # what fails is not kept


def sentences(language):
    """What to tell the person, {"errors": {...}, "removed": {...}}, or in English."""
    for known in (language if re.fullmatch("[a-z]{2,3}", language) else "en", "en"):
        try:
            return _sentences(known)
        except (OSError, ValueError, subprocess.SubprocessError):
            pass
    return {"errors": {}, "removed": {}}


def say(error, language):
    """The sentence for an error, for the person who has sent the photo."""
    errors = sentences(language)["errors"]
    return errors.get(error) or errors.get("internal") or "We cannot take photos at the moment."


def http_status(error, receipt):
    """The status of the page that says it."""
    if error == "too-large":
        return 413
    if error in ("busy", "input-timeout", "interrupted"):
        return 503
    return 422 if receipt.get("status") == "refused" or error == "empty" else 500
