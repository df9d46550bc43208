# SPDX-License-Identifier: MIT
"""A form for a story with a photo, and its view, in Flask 2. To try it:

    mkdir -p public/photos && flask run
"""
import os

from flask import Flask, render_template_string, request, send_from_directory

import storyphoto

PHOTOS = os.path.abspath("public/photos")

app = Flask(__name__)
# As the preset's max-upload, and a little for the story. Without it a request has no limit.
app.config["MAX_CONTENT_LENGTH"] = int(os.environ.get("MAX_UPLOAD", 65 << 20))

PAGE = """<!doctype html>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Your story</title>
<style>body { font: 1.1em/1.5 sans-serif; max-width: 40em; margin: 2em auto; padding: 0 1em }
textarea { width: 100%; font: inherit } img { max-width: 100%; height: auto }
[role=alert] { border-left: .3em solid #b30000; padding: .5em 1em }</style>
{% if picture %}
<h1>Thank you</h1>
<p>{{ story }}</p>
{{ picture | safe }}{# made by storyphoto, of names that it has made #}
<ul>{% for sentence in removed %}<li>{{ sentence }}</li>{% endfor %}</ul>
{% else %}
<h1>Your story</h1>
{% if problem %}<p role="alert">{{ problem }}</p>{% endif %}
<form method="post" enctype="multipart/form-data">
{# What they have written is still there when the photo was not taken. #}
<p><label>Your story<br><textarea name="story" rows="8">{{ story }}</textarea></label></p>
<p><label>A photo<br><input type="file" name="photo" accept="image/*" required></label></p>
<p><button>Send</button></p>
</form>
{% endif %}
"""


def language():
    return request.headers.get("Accept-Language", "en")[:2].lower()


def refuse(error, receipt, story=""):
    page = render_template_string(PAGE, problem=storyphoto.say(error, language()), story=story)
    status = storyphoto.http_status(error, receipt)
    return page, status, {"Retry-After": "60"} if status == 503 else {}


@app.get("/")
def form():
    return render_template_string(PAGE, story="")


@app.post("/")
def take():
    story = request.form.get("story", "")
    photo = request.files.get("photo")
    if photo is None or photo.filename == "":  # that is how a browser says that none was chosen
        return refuse("empty", {}, story)
    # Never photo.save(photo.filename): it says something of its owner, and may be ../../anything.
    error, receipt = storyphoto.process(photo.stream, PHOTOS, "/photos")
    if error is not None:
        return refuse(error, receipt, story)
    # A site now keeps the story with receipt["picture"] and the names in receipt["outputs"].
    words = storyphoto.sentences(language())["removed"]
    return render_template_string(PAGE, story=story, picture=receipt["picture"],
                                  removed=[words.get(word, word) for word in receipt["removed"]])


@app.errorhandler(413)
def too_large(_error):
    return refuse("too-large", {})


@app.get("/photos/<name>")
def photo(name):
    return send_from_directory(PHOTOS, name)
