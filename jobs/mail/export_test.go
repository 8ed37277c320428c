package mail

// Compose shows the tests a mail without sending it, thousands of times a second.
func Compose(l Letter) ([]byte, error) {
	p, err := compose(l)
	if err != nil {
		return nil, err
	}
	return p.bytes.Bytes(), nil
}
