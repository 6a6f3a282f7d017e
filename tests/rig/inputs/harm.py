"""Names that try to do harm: to a page, a workbook, a deck, a file or a terminal."""

HARM = {
    "script": "<script>document.title='taken'</script>",
    "image": "<img src=x onerror=\"document.title='taken'\">",
    "closing": '"></title></style></script><svg onload=alert(1)>',
    "formula": '=HYPERLINK("http://example.invalid";"click")',
    "plus": "+1+1",
    "command": "@SUM(1+1)|cmd",
    "minus": "-2+3",
    "long": "long " * 2_000,
    "right": "\u202eמשרד\u202d \u2067תוכנית",
    "emoji": "\U0001f9e8 \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "template": "{{ 7 * 7 }} ${7*7} {% raw %}",
    "escape": "\x1b]0;taken\x07\x1b[2J\x1b[31mred",
    "override": "safe \u202e\u2066 reversed \u200b\ufeff",
    "control": "bell \x07 null \x00 line\nbreak",
}
