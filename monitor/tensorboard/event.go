package tensorboard

import (
	"math"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/gocei/gocei/monitor"
)

// Field numbers of tensorflow.Event, of its SessionLog, and of Summary and Summary.Value.
const (
	eventWallTime    = 1 // double, seconds since 1970
	eventStep        = 2 // int64
	eventFileVersion = 3 // string
	eventSummary     = 5 // Summary
	eventSessionLog  = 7 // SessionLog

	sessionStatus = 1 // enum
	sessionStart  = 1

	summaryValue = 1 // repeated Summary.Value
	valueTag     = 1 // string
	valueSimple  = 2 // float
)

// fileVersion is what the first event of a file says of all.
const fileVersion = "brain.Event:2"

func newEvent(step int64, at time.Time) []byte {
	data := protowire.AppendTag(nil, eventWallTime, protowire.Fixed64Type)
	data = protowire.AppendFixed64(data, math.Float64bits(float64(at.UnixMicro())/1e6))
	if step == 0 {
		return data // as protocol buffers leave out zeros
	}
	data = protowire.AppendTag(data, eventStep, protowire.VarintType)
	return protowire.AppendVarint(data, uint64(step))
}

func versionEvent(at time.Time) []byte {
	data := protowire.AppendTag(newEvent(0, at), eventFileVersion, protowire.BytesType)
	return protowire.AppendString(data, fileVersion)
}

// startEvent begins a session whose first step is that one.
func startEvent(step int64, at time.Time) []byte {
	session := protowire.AppendTag(nil, sessionStatus, protowire.VarintType)
	session = protowire.AppendVarint(session, sessionStart)
	data := protowire.AppendTag(newEvent(step, at), eventSessionLog, protowire.BytesType)
	return protowire.AppendBytes(data, session)
}

func scalarsEvent(step int64, at time.Time, figures []monitor.Figure) []byte {
	var summary []byte
	for _, f := range figures {
		value := protowire.AppendTag(nil, valueTag, protowire.BytesType)
		value = protowire.AppendString(value, f.Name)
		value = protowire.AppendTag(value, valueSimple, protowire.Fixed32Type)
		value = protowire.AppendFixed32(value, math.Float32bits(float32(f.Value)))
		summary = protowire.AppendTag(summary, summaryValue, protowire.BytesType)
		summary = protowire.AppendBytes(summary, value)
	}
	data := protowire.AppendTag(newEvent(step, at), eventSummary, protowire.BytesType)
	return protowire.AppendBytes(data, summary)
}
