package papers

// LimitSheets makes sheets hold fewer rows, until the function it returns is called.
func LimitSheets(rows int) (undo func()) {
	before := maxSheetRows
	maxSheetRows = rows
	return func() { maxSheetRows = before }
}
