package launch

import (
	"fmt"
	"strings"
)

// firstHost returns the first host of a list such as node[01-03,7],other or rack[0-1]node[1-9], as Slurm writes it.
func firstHost(list string) (string, error) {
	var host strings.Builder
	for list != "" && list[0] != ',' {
		plain := strings.IndexAny(list, "[,")
		if plain < 0 {
			plain = len(list)
		}
		host.WriteString(list[:plain])
		if list = list[plain:]; list == "" || list[0] == ',' {
			break
		}
		ranges, rest, closed := strings.Cut(list[1:], "]")
		if !closed {
			return "", fmt.Errorf("%q has no closing bracket", list)
		}
		first, err := firstNumber(ranges)
		if err != nil {
			return "", err
		}
		host.WriteString(first)
		list = rest
	}
	return host.String(), checkHost(host.String())
}

// firstNumber returns the first number of ranges such as 01-03,7, with its zeros.
func firstNumber(ranges string) (string, error) {
	first, _, _ := strings.Cut(ranges, ",")
	from, to, isRange := strings.Cut(first, "-")
	if !digits(from) || isRange && !digits(to) {
		return "", fmt.Errorf("%q are no numbers of nodes, as 01-03,7", ranges)
	}
	return from, nil
}

func digits(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// checkHost wants the letters of a host's name.
func checkHost(host string) error {
	strange := func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '.' || r == '_')
	}
	if host == "" || strings.IndexFunc(host, strange) >= 0 {
		return fmt.Errorf("%q is not the name of a host", host)
	}
	return nil
}
