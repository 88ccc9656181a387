package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/urfave/cli/v2"
)

const (
	defaultHealthURL = "http://127.0.0.1:8000/v2/health/ready"
	healthTimeout    = 5 * time.Second
)

func healthCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "health",
		Usage:     "ask a server whether it is ready",
		ArgsUsage: "[URL]",
		Description: "Exits with 0 where the server answers with 200, and with 1 otherwise, for containers without another client.\n" +
			"Example: cei health " + defaultHealthURL,
		Action: func(c *cli.Context) error {
			url := defaultHealthURL
			if c.NArg() > 0 {
				var err error
				if url, err = oneArgument(c, "URL"); err != nil {
					return err
				}
			}
			return runHealth(c.Context, url, s)
		},
	}
}

func runHealth(ctx context.Context, url string, s streams) error {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return usagef("health: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("health: %w", err)
	}
	defer response.Body.Close()
	const most = 1 << 10
	text, _ := io.ReadAll(io.LimitReader(response.Body, most)) // it is shown alone
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("health: %s answers %s: %s", url, response.Status, text)
	}
	_, err = s.out.Write(text)
	return err
}
