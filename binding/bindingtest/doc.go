// Package bindingtest helps to test programs that compute with package binding, as net/http/httptest helps those that
// serve. What a test opens with it is closed when the test ends, and what a test leaves behind in native memory is found:
//
//	func TestLoss(t *testing.T) {
//		bindingtest.NoLeak(t)
//		s := bindingtest.OpenSeeded(t, 1)
//		x := s.Normal(binding.Float32, 100, 9)
//		if loss := bindingtest.Item(t, s, s.Mean(s.Square(x))); loss < 0 {
//			t.Errorf("the mean of squares is %v", loss)
//		}
//	}
//
// No helper returns an error: what fails on the way fails the test.
package bindingtest
