"""What is counted, without words: dataclasses that a relevé keeps."""
