"""What cells printed comes out to the letter."""

from nbformat.v4 import new_output

from helpers.book.outputs import join_pieces


def test_a_line_printed_in_pieces_stays_one_line():
    pieces = ["1472", " of 1472 cases  \n", "\n", "  next\n"]
    outputs = [new_output("stream", name="stdout", text=piece) for piece in pieces]
    outputs.insert(1, new_output("stream", name="stderr", text="a war"))
    outputs.append(new_output("stream", name="stderr", text="ning\n"))
    for _ in range(2):  # the notebook itself stays as it was
        texts = {output.name: output.text for output in join_pieces(outputs)}
        assert texts == {"stdout": "1472 of 1472 cases  \n\n  next\n", "stderr": "a warning\n"}
