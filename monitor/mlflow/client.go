package mlflow

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// client calls the REST API.
type client struct {
	base           *url.URL
	http           *http.Client
	token          string
	user, password string
	persist        func(ctx context.Context, request func(context.Context) error) error // tries one again
}

const (
	requestTimeout  = 10 * time.Second
	responseLimit   = 1 << 20 // bytes; all that is asked for is far smaller
	apiPath         = "/api/2.0/mlflow/"
	longestResponse = 200 // characters of an answer that is no JSON, in an error
)

func newClient(o Options) (*client, error) {
	base, err := o.base()
	if err != nil {
		return nil, err
	}
	c := &client{base: base, http: &http.Client{Timeout: requestTimeout}, token: o.Token}
	c.user, c.password = o.login()
	return c, nil
}

// apiError is an answer that refuses.
type apiError struct {
	Status  int    `json:"-"`
	Code    string `json:"error_code"`
	Message string `json:"message"`
}

func (e *apiError) Error() string {
	return fmt.Sprintf("the server answers %d %s: %s", e.Status, e.Code, e.Message)
}

// missing reports whether the server says that there is no such thing.
func missing(err error) bool {
	var refused *apiError
	return errors.As(err, &refused) && refused.Code == "RESOURCE_DOES_NOT_EXIST"
}

// passing reports whether the same request may be answered later: the network failed, or the server is busy or broken.
func passing(err error) bool {
	var refused *apiError
	if !errors.As(err, &refused) {
		return true
	}
	switch refused.Status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return refused.Status >= 500 && refused.Status != http.StatusNotImplemented
}

// get asks with a query, and fills in answer.
func (c *client) get(ctx context.Context, method string, query url.Values, answer any) error {
	return c.call(ctx, http.MethodGet, method+"?"+query.Encode(), nil, answer)
}

// post asks with a JSON body, and fills in answer, which may be nil.
func (c *client) post(ctx context.Context, method string, question, answer any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return fmt.Errorf("mlflow: %s: %w", method, err)
	}
	return c.call(ctx, http.MethodPost, method, body, answer)
}

func (c *client) call(ctx context.Context, verb, method string, body []byte, answer any) error {
	return c.persist(ctx, func(ctx context.Context) error { return c.once(ctx, verb, method, body, answer) })
}

func (c *client) once(ctx context.Context, verb, method string, body []byte, answer any) error {
	request, err := http.NewRequestWithContext(ctx, verb, c.base.String()+apiPath+method, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("mlflow: %w", err)
	}
	c.authorise(request)
	response, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("mlflow: %w", err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, responseLimit))
	if err != nil {
		return fmt.Errorf("mlflow: %s %s: read answer: %w", verb, request.URL, err)
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("mlflow: %s %s: %w", verb, request.URL, refusal(response.StatusCode, text))
	}
	if answer == nil {
		return nil
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return fmt.Errorf("mlflow: %s %s: %w", verb, request.URL,
			&apiError{Status: response.StatusCode, Message: "what is no answer of MLflow's: " + err.Error()})
	}
	return nil
}

func (c *client) authorise(request *http.Request) {
	request.Header.Set("Content-Type", "application/json")
	switch {
	case c.token != "":
		request.Header.Set("Authorization", "Bearer "+c.token)
	case c.user != "":
		request.SetBasicAuth(c.user, c.password)
	}
}

func refusal(status int, text []byte) *apiError {
	e := &apiError{}
	if err := json.Unmarshal(text, e); err != nil || e.Code == "" {
		e.Code, e.Message = http.StatusText(status), string(bytes.ToValidUTF8(text[:min(len(text), longestResponse)], nil))
	}
	e.Status = status
	return e
}
