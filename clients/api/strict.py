"""What the API takes literally: anything that is only nearly right is an error (400), never guessed at."""

import re
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.relations import PrimaryKeyRelatedField
from rest_framework.utils import json

LONGEST_ID = re.compile(r"[0-9]{1,18}", re.ASCII)


class StrictJSONParser(JSONParser):
    """JSON that can be stored and sent back: Python also reads what is no text (half a character) and no number.

    Writing it again finds both: `\\ud800` cannot be encoded, and 1e400 has become infinite.
    """

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            data = super().parse(stream, media_type, parser_context)
            json.dumps(data, ensure_ascii=False).encode()
        except RecursionError as error:
            raise ParseError("JSON parse error - nested too deeply.") from error
        except ValueError as error:
            raise ParseError("JSON parse error - a text or a number that cannot be stored.") from error
        return data


class IdField(PrimaryKeyRelatedField):
    """A row's id: a whole number, or its digits. Python would also take 1.5 for 1 and "1_0" for 10."""

    def to_internal_value(self, data: Any) -> Any:
        if type(data) is not int and not (isinstance(data, str) and LONGEST_ID.fullmatch(data)):
            self.fail("incorrect_type", data_type=type(data).__name__)
        return super().to_internal_value(data)
