package kafka

import (
	"context"
	"errors"
	"io"
	"net"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// transient: a broker is away or being restarted; the same request works later.
func transient(err error) bool {
	var broken net.Error
	var refused *net.OpError
	switch {
	case kerr.IsRetriable(err),
		errors.Is(err, kgo.ErrRecordTimeout),
		errors.Is(err, kgo.ErrRecordRetries),
		errors.Is(err, context.DeadlineExceeded),
		errors.Is(err, io.EOF),
		errors.Is(err, net.ErrClosed),
		errors.As(err, &broken),
		errors.As(err, &refused):
		return true
	}
	return false
}
