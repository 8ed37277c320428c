package picture

// HoldDecoder lets no picture be decoded until it is released.
func HoldDecoder() (release func()) {
	decoding <- struct{}{}
	return func() { <-decoding }
}
