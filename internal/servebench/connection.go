package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// connection asks one after the other over one connection, as little of HTTP as that takes.
type connection struct {
	request []byte
	address string
	pause   time.Duration

	latencies map[int][]time.Duration // by status
	bytes     int                     // of the last answer
	failures  []error
}

func (s settings) newConnection(number int) *connection {
	shape := fmt.Sprintf("[1,%d]", 1+strings.Count(s.momenta, ","))
	body := fmt.Sprintf(`{"parameters":{"samples":%d,"seed":%d,"binary_data_output":true},"inputs":[{"name":%q,"shape":%s,"datatype":"FP64","data":[%s]}],"outputs":[{"name":"draws"}]}`,
		s.samples, number, s.input, shape, s.momenta)
	request := fmt.Sprintf("POST /v2/models/%s/infer HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", s.model, s.address, len(body), body)
	return &connection{request: []byte(request), address: s.address, pause: s.pause, latencies: map[int][]time.Duration{}}
}

// ask goes on until ctx is done, over a new connection where one broke.
func (c *connection) ask(ctx context.Context) {
	for ctx.Err() == nil {
		if err := c.keepAsking(ctx); err != nil && ctx.Err() == nil {
			c.failures = append(c.failures, err)
			time.Sleep(c.pause)
		}
	}
}

func (c *connection) keepAsking(ctx context.Context) error {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", c.address)
	if err != nil {
		return err
	}
	defer conn.Close()
	r := bufio.NewReaderSize(conn, 16<<10)
	for ctx.Err() == nil {
		began := time.Now()
		if _, err := conn.Write(c.request); err != nil {
			return err
		}
		status, err := c.answer(r)
		if err != nil {
			return err
		}
		c.latencies[status] = append(c.latencies[status], time.Since(began))
		if status != 200 {
			time.Sleep(c.pause)
		}
	}
	return nil
}

var contentLength = []byte("Content-Length: ")

// answer reads status and headers, and passes over the body.
func (c *connection) answer(r *bufio.Reader) (status int, err error) {
	length := -1
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case len(line) == 0 && length >= 0:
			_, err = io.CopyN(io.Discard, r, int64(length))
			if status == 200 {
				if c.bytes > 0 && c.bytes != length {
					return 0, fmt.Errorf("an answer has %d bytes, the one before had %d", length, c.bytes)
				}
				c.bytes = length
			}
			return status, err
		case len(line) == 0:
			return 0, fmt.Errorf("an answer without a length")
		case status == 0:
			if len(line) < 12 {
				return 0, fmt.Errorf("no answer: %q", line)
			}
			if status, err = strconv.Atoi(string(line[9:12])); err != nil {
				return 0, err
			}
		case bytes.HasPrefix(line, contentLength):
			if length, err = strconv.Atoi(string(line[len(contentLength):])); err != nil {
				return 0, err
			}
		}
	}
}
