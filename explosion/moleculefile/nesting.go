package moleculefile

import "bytes"

// maxNesting is far more than a molecule's description needs.
const maxNesting = 50

// deepNesting returns where brackets, or dashes that open lists on one line, are
// nested too deep, or line 0: the parser's time grows with the square of their
// depth. Brackets in quotes count too; no sensible text has as many unclosed.
func deepNesting(content []byte) (line, column int) {
	depth := 0
	for i, text := range bytes.Split(content, []byte("\n")) {
		dashes := 0
		for k, c := range text {
			switch c {
			case '[', '{':
				depth++
			case ']', '}':
				depth = max(0, depth-1)
			case '-', '?':
				if k+1 == len(text) || text[k+1] == ' ' || text[k+1] == '\t' {
					dashes++
				}
			case ' ', '\t':
			default:
				dashes = 0
			}
			if depth > maxNesting || dashes > maxNesting {
				return i + 1, k + 1
			}
		}
	}
	return 0, 0
}
