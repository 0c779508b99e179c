package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"path"
	"strings"
)

// File makes an attachment. The name is that of a row ("photo.jpg", "receipt.png", "screenshot.png") or any other
// with the ending .pdf or .txt; n, usually the row's index, varies the picture and the name that it bears, as a
// phone or a scanner would have given it. The bytes are the same for the same name and n (taken modulo 10,000). An empty name gives
// an empty name and nil; an ending that is not known gives plain text.
func File(name string, n int) (filename string, data []byte) {
	if name == "" {
		return "", nil
	}
	n = (n%10000 + 10000) % 10000 // whatever comes, the name stays short
	switch ext := path.Ext(name); ext {
	case ".jpg", ".jpeg":
		return fmt.Sprintf("IMG_%04d%s", 1203+n*7, ext), encodeJPEG(photo(n))
	case ".png":
		if strings.HasPrefix(name, "receipt") {
			return fmt.Sprintf("receipt-%03d.png", n+1), encodePNG(receipt(n))
		}
		return fmt.Sprintf("screenshot-%03d.png", n+1), encodePNG(screenshot(n))
	case ".pdf":
		return fmt.Sprintf("%s-%03d.pdf", strings.TrimSuffix(name, ext), n+1), pdf(fmt.Sprintf("Yunmu Goods - delivery note %04d", n+1))
	default:
		return fmt.Sprintf("%s-%03d.txt", strings.TrimSuffix(name, ext), n+1), fmt.Appendf(nil, "Yunmu Goods\nDelivery note %04d\n", n+1)
	}
}

// encodeJPEG cannot fail: a bytes.Buffer takes all, and the picture is far smaller than the format's limit.
func encodeJPEG(m image.Image) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 80}); err != nil {
		return nil
	}
	return b.Bytes()
}

// encodePNG cannot fail, for the same reasons.
func encodePNG(m image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		return nil
	}
	return b.Bytes()
}

// pdf returns one A6 page with a line of ASCII text, after ISO 32000-1 section 7.5 (header, body,
// cross-reference table, trailer). The line must hold no parentheses or backslashes.
func pdf(line string) []byte {
	stream := fmt.Sprintf("BT /F1 12 Tf 24 380 Td (%s) Tj ET", line)
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 298 420] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(stream), stream),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}
