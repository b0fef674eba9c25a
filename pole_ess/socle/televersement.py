"""Uploads stop while they stream, not once they fill the disk."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class LimiteHandler(FileUploadHandler):
    """Drop a file as soon as it passes settings.FICHIER_MAX_OCTETS, and say so to the form.

    The same once all files of the request together pass settings.TELEVERSEMENT_MAX_OCTETS. The request goes
    on, so that what was typed in the other fields is kept; the names of the fields whose file was dropped
    are in `request.fichiers_trop_lourds`, for the form to turn into an error.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        self.request.fichiers_trop_lourds = set()
        self.total = 0

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.recus = 0

    def receive_data_chunk(self, raw_data, start):
        self.recus += len(raw_data)
        self.total += len(raw_data)
        if self.recus > settings.FICHIER_MAX_OCTETS or self.total > settings.TELEVERSEMENT_MAX_OCTETS:
            self.request.fichiers_trop_lourds.add(self.field_name)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        return None
