package picture

import (
	"bytes"
	"encoding/binary"
)

// orientationOf is how a picture lies: 1 upright, to 8, of the Exif tag 0x0112 (CIPA DC-008, 4.6.4). What cannot be read is upright.
func orientationOf(kind string, data []byte) int {
	switch kind {
	case "jpeg":
		return orientation(jpegExif(data))
	case "png":
		return orientation(pngExif(data))
	case "webp":
		return orientation(webpExif(data))
	}
	return 1
}

// jpegExif is the Exif block among the segments before the picture itself.
func jpegExif(data []byte) []byte {
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		marker, size := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		switch {
		case marker == 0xff: // padding
			at++
			continue
		case marker == 0xda || marker == 0xd9 || size < 2 || at+2+size > len(data):
			return nil
		case marker == 0xe1:
			if block, ok := bytes.CutPrefix(data[at+4:at+2+size], []byte("Exif\x00\x00")); ok {
				return block
			}
		}
		at += 2 + size
	}
	return nil
}

func pngExif(data []byte) []byte {
	for at := 8; at+12 <= len(data); {
		size := int64(binary.BigEndian.Uint32(data[at:]))
		if int64(at)+12+size > int64(len(data)) {
			return nil
		}
		if string(data[at+4:at+8]) == "eXIf" {
			return data[at+8 : at+8+int(size)]
		}
		at += 12 + int(size)
	}
	return nil
}

func webpExif(data []byte) []byte {
	for at := 12; at+8 <= len(data); {
		size := int64(binary.LittleEndian.Uint32(data[at+4:]))
		if int64(at)+8+size > int64(len(data)) {
			return nil
		}
		if string(data[at:at+4]) == "EXIF" {
			return bytes.TrimPrefix(data[at+8:at+8+int(size)], []byte("Exif\x00\x00"))
		}
		at += 8 + int(size+size%2)
	}
	return nil
}

// orientation reads the tag from the first directory of a TIFF block.
func orientation(tiff []byte) int {
	const upright, tag, short, entry = 1, 0x0112, 3, 12
	if len(tiff) < 8 {
		return upright
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(tiff[:4]) {
	case "II*\x00":
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return upright
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return upright
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < entry {
			return upright
		}
		if order.Uint16(entries) == tag && order.Uint16(entries[2:]) == short {
			if o := int(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
			return upright
		}
		entries = entries[entry:]
	}
	return upright
}
