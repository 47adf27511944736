package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
)

// server is where the load goes, and as whom.
type server struct {
	address string
	token   string
	config  *tls.Config
}

func newServer(rawURL, token string) (*server, error) {
	parsed, err := url.Parse(rawURL)
	if err != nil {
		return nil, err
	}
	// Certificates are checked by the conformance tests, not here.
	config := &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}}
	return &server{address: parsed.Host, token: token, config: config}, nil
}

// connection speaks HTTP/1.1 over one kept-alive TLS connection. It does less than net/http on purpose: on a machine
// that it shares with the server, the client's own time would be measured with the server's.
type connection struct {
	server *server
	socket *tls.Conn
	reader *bufio.Reader
	buffer bytes.Buffer
}

func (s *server) connect() (*connection, error) {
	socket, err := tls.Dial("tcp", s.address, s.config)
	if err != nil {
		return nil, err
	}
	return &connection{server: s, socket: socket, reader: bufio.NewReaderSize(socket, 64<<10)}, nil
}

type request struct {
	method      string
	path        string
	contentType string
	body        []byte
	gzip        bool
}

type response struct {
	status int
	body   io.Reader
}

// send writes a request in one piece and reads the head of its answer. The body must be read before the next.
func (c *connection) send(r request) (*response, error) {
	c.buffer.Reset()
	fmt.Fprintf(&c.buffer, "%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n", r.method, r.path, c.server.address, c.server.token)
	c.buffer.WriteString("User-Agent: load/1\r\nAccept: application/json\r\n")
	if r.gzip {
		c.buffer.WriteString("Accept-Encoding: gzip\r\n")
	}
	if r.body != nil {
		fmt.Fprintf(&c.buffer, "Content-Type: %s\r\nContent-Length: %d\r\n", r.contentType, len(r.body))
	}
	c.buffer.WriteString("\r\n")
	c.buffer.Write(r.body)
	if _, err := c.socket.Write(c.buffer.Bytes()); err != nil {
		return nil, err
	}
	return c.readHead()
}

func (c *connection) readHead() (*response, error) {
	line, err := c.reader.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	if len(line) < 12 {
		return nil, fmt.Errorf("not a status line: %q", line)
	}
	status, err := strconv.Atoi(string(line[9:12]))
	if err != nil {
		return nil, err
	}
	length, chunked := int64(0), false
	for {
		line, err := c.reader.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		if len(line) <= 2 {
			break
		}
		name, value, _ := strings.Cut(string(bytes.TrimSpace(line)), ":")
		switch strings.ToLower(name) {
		case "content-length":
			if length, err = strconv.ParseInt(strings.TrimSpace(value), 10, 64); err != nil {
				return nil, err
			}
		case "transfer-encoding":
			chunked = true
		}
	}
	if !chunked {
		return &response{status: status, body: io.LimitReader(c.reader, length)}, nil
	}
	return &response{status: status, body: &chunkedBody{Reader: httputil.NewChunkedReader(c.reader), rest: c.reader}}, nil
}

// chunkedBody also reads the empty line behind the last chunk, which the standard reader leaves.
type chunkedBody struct {
	io.Reader
	rest *bufio.Reader
}

func (b *chunkedBody) Read(into []byte) (int, error) {
	n, err := b.Reader.Read(into)
	if err == io.EOF && b.rest != nil {
		_, _ = b.rest.ReadSlice('\n')
		b.rest = nil
	}
	return n, err
}
