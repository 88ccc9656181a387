package binding_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
)

func TestElementTypesHaveNames(t *testing.T) {
	for want, name := range map[binding.DType]string{binding.Float32: "float32", binding.Float64: "float64", binding.Int64: "int64"} {
		assert.Equal(t, name, want.String())
		got, err := binding.ParseDType(name)
		require.NoError(t, err)
		assert.Equal(t, want, got)
		text, err := json.Marshal(want)
		require.NoError(t, err)
		assert.Equal(t, `"`+name+`"`, string(text))
		var back binding.DType
		require.NoError(t, json.Unmarshal(text, &back))
		assert.Equal(t, want, back)
	}
	assert.Equal(t, "DType(9)", binding.DType(9).String())
	for _, name := range []string{"", "float", "Float32", "float16", "DType(9)"} {
		_, err := binding.ParseDType(name)
		assert.ErrorIs(t, err, binding.ErrDType)
		var d binding.DType
		assert.ErrorIs(t, d.UnmarshalText([]byte(name)), binding.ErrDType)
	}
}
