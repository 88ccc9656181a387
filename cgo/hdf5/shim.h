//go:build hdf5

// Coarse calls of libhdf5. Each returns a negative number where it fails, with one
// line of text in why.
#ifndef CEI_HDF5_SHIM_H
#define CEI_HDF5_SHIM_H

#include <stddef.h>
#include <stdint.h>

enum { SHIM_TEXT = 512, SHIM_RANK = 32 };

// What the numbers of a dataset are.
enum { SHIM_OTHER, SHIM_DOUBLE, SHIM_INT64, SHIM_UINT64 };

typedef struct {
  int kind;
  int rank;
  uint64_t shape[SHIM_RANK];
  uint64_t chunk[SHIM_RANK];  // zeros where it is not chunked
  int elsewhere;              // its numbers are in other files
} shim_dataset;

int64_t shim_open(const char *path, char *why);
int64_t shim_create(const char *path, char *why);
int shim_close_file(int64_t file, char *why);

// The names of the root group's datasets or of its attributes, in the order of the
// alphabet, each ended by a zero, in memory that shim_free frees, after an error
// too. Links to other places and files are left out.
int shim_names(int64_t file, int of_attributes, char **names, size_t *size, char *why);

int64_t shim_open_dataset(int64_t file, const char *name, size_t cache, char *why);
int shim_describe(int64_t dataset, shim_dataset *d, char *why);
int shim_close_dataset(int64_t dataset, char *why);

// Reads count rows from first into numbers of 8 bytes of the given kind.
int shim_read(int64_t dataset, int kind, uint64_t first, uint64_t count, void *numbers, char *why);

// A dataset of no rows yet; columns is 0 for one of a single dimension.
int64_t shim_create_dataset(int64_t file, const char *name, uint64_t columns, uint64_t chunk_rows, char *why);
int shim_append(int64_t dataset, uint64_t first, uint64_t count, const double *numbers, char *why);

// Attributes of texts. count is -1 for a single text, which is not a list.
int shim_set_texts(int64_t object, const char *name, const char *const *texts, int64_t count, char *why);

// The texts of an attribute, each ended by a zero, in memory that shim_free frees.
// count is -1 for a single text, and -2 where the attribute holds no texts.
int shim_texts(int64_t object, const char *name, char **texts, size_t *size, int64_t *count, char *why);
void shim_free(char *texts);

#endif
