package table

// Metadata is what a table says of itself: text under keys. Keys that start with
// "cei" are the house's; all others are kept as they are.
type Metadata map[string]string
