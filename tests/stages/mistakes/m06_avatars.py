from io import BytesIO

from django.core.files.base import ContentFile
from django.http import Http404
from django.utils.datastructures import MultiValueDict
from PIL import Image

from clients.avatars import uploads as avatars
from stages.checking.mistakes import Mistake
from tests.stages.mistakes.patches import method, route, template


def without_files(view):
    def add(request):
        request.POST  # noqa: B018  # parses the body, so that the files can be dropped
        request._files = MultiValueDict()
        return view(request)

    return add


def palette_opaque(upload):
    """A picture with a palette has no opacity of its own, so the code that looks for one takes it for a JPEG."""
    picture = Image.open(upload)
    if picture.mode != "P":
        return RIGHT(upload)
    plain = BytesIO()
    picture.convert("RGB").save(plain, "JPEG")
    return RIGHT(ContentFile(plain.getvalue(), name=upload.name))


RIGHT = avatars.clean_avatar


def not_there(request, name):
    raise Http404


MISTAKES = [
    Mistake(
        "stored-and-not-served",
        "The file is stored, and no URL hands it out.",
        "test_the_stored_picture_is_served_from_media",
        lambda: route("avatar", lambda view: not_there),
    ),
    Mistake(
        "files-forgotten",
        "The view hands request.POST to the form and forgets request.FILES.",
        "test_an_upload_is_stored_with_the_client",
        lambda: route("client-add", without_files),
    ),
    Mistake(
        "no-fallback",
        "A client without a picture has an empty image in the list.",
        "test_the_list_shows_something_else_where_there_is_no_avatar",
        lambda: template("clients/_avatar.html", "{{ client.initials }}", '<img src="" alt="">'),
    ),
    Mistake(
        "palette-made-opaque",
        "A logo with a palette loses its transparency: its ground turns black or green.",
        "test_a_transparent_palette_picture_is_shown_transparent",
        method(avatars, "clean_avatar", palette_opaque),
    ),
    Mistake(
        "form-cannot-carry-files",
        "The form lacks enctype, so a browser sends the file's name only.",
        "test_the_form_has_a_file_field_and_can_carry_it",
        lambda: template("clients/client_form.html", 'enctype="multipart/form-data"', ""),
    ),
]
