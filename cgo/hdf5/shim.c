//go:build hdf5

#include "shim.h"

#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The library keeps the way that an error took, from the function that was called
// to the one that failed: both ends are told.
static herr_t describe(unsigned n, const H5E_error2_t *e, void *why) {
  char *text = why;
  size_t length = n == 0 ? 0 : strcspn(text, "\n");
  if (n == 0) {
    snprintf(text, SHIM_TEXT, "%s\n", e->desc);
  } else if (strncmp(text, e->desc, length) != 0) {
    snprintf(text + length, SHIM_TEXT - length, "\n: %s", e->desc);
  }
  return 0;
}

// quiet must come first in a call: whether errors are printed is kept per thread,
// and a goroutine moves between threads.
static void quiet(char *why) {
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  why[0] = 0;
}

static int failed(char *why) {
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, describe, why);
  H5Eclear2(H5E_DEFAULT);
  char *joint = strchr(why, '\n');
  if (joint) memmove(joint, joint + 1, strlen(joint));
  if (!why[0]) snprintf(why, SHIM_TEXT, "the library gives no reason");
  return -1;
}

static int refused(char *why, const char *reason) {
  snprintf(why, SHIM_TEXT, "%s", reason);
  return -1;
}

int64_t shim_open(const char *path, char *why) {
  quiet(why);
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
  hid_t file = H5Fopen(path, H5F_ACC_RDONLY, access);
  if (file < 0) failed(why);
  H5Pclose(access);
  return file;
}

int64_t shim_create(const char *path, char *why) {
  quiet(why);
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
  // Attributes above 64 KiB, such as the names of many columns, need the format of version 1.8.
  H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_LATEST);
  // The usual driver would look for the real path of /proc/self/fd/N, which a nameless file has not.
  H5Pset_fapl_stdio(access);
  hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
  if (file < 0) failed(why);
  H5Pclose(access);
  return file;
}

int shim_close_file(int64_t file, char *why) {
  quiet(why);
  // A file that cannot be written, on a full disk, stays open for good: closing it leaves the library in a state in which
  // it crashes on the next file.
  if (H5Fflush(file, H5F_SCOPE_LOCAL) < 0) return failed(why);
  return H5Fclose(file) < 0 ? failed(why) : 0;
}

// names gathers texts, each ended by a zero.
typedef struct {
  char *text;
  size_t size;
} names;

static herr_t add(names *all, const char *name) {
  size_t size = strlen(name) + 1;
  char *text = realloc(all->text, all->size + size);
  if (!text) return -1;
  memcpy(text + all->size, name, size);
  all->text = text;
  all->size += size;
  return 0;
}

static herr_t add_dataset(hid_t group, const char *name, const H5L_info_t *link, void *all) {
  if (link->type != H5L_TYPE_HARD) return 0;
  hid_t object = H5Oopen(group, name, H5P_DEFAULT);
  if (object < 0) return -1;
  herr_t status = H5Iget_type(object) == H5I_DATASET ? add(all, name) : 0;
  H5Oclose(object);
  return status;
}

static herr_t add_attribute(hid_t object, const char *name, const H5A_info_t *info, void *all) {
  (void)object;
  (void)info;
  return add(all, name);
}

int shim_names(int64_t file, int of_attributes, char **text, size_t *size, char *why) {
  quiet(why);
  names all = {NULL, 0};
  herr_t status = of_attributes ? H5Aiterate2(file, H5_INDEX_NAME, H5_ITER_INC, NULL, add_attribute, &all)
                                : H5Literate(file, H5_INDEX_NAME, H5_ITER_INC, NULL, add_dataset, &all);
  *text = all.text;
  *size = all.size;
  return status < 0 ? failed(why) : 0;
}

int64_t shim_open_dataset(int64_t file, const char *name, size_t cache, char *why) {
  quiet(why);
  hid_t access = H5Pcreate(H5P_DATASET_ACCESS);
  if (cache > 0) H5Pset_chunk_cache(access, 12421, cache, 1);
  hid_t dataset = H5Dopen2(file, name, access);
  if (dataset < 0) failed(why);
  H5Pclose(access);
  return dataset;
}

static int kind_of(hid_t type) {
  size_t size = H5Tget_size(type);
  switch (H5Tget_class(type)) {
    case H5T_FLOAT:
      return size <= 8 ? SHIM_DOUBLE : SHIM_OTHER;
    case H5T_INTEGER:
      if (size <= 4) return SHIM_DOUBLE;
      if (size > 8) return SHIM_OTHER;
      return H5Tget_sign(type) == H5T_SGN_NONE ? SHIM_UINT64 : SHIM_INT64;
    default:
      return SHIM_OTHER;
  }
}

int shim_describe(int64_t dataset, shim_dataset *d, char *why) {
  quiet(why);
  memset(d, 0, sizeof *d);
  hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset), list = H5Dget_create_plist(dataset);
  int status = type < 0 || space < 0 || list < 0 ? failed(why) : 0;
  if (status == 0) {
    d->kind = kind_of(type);
    d->rank = H5Sis_simple(space) > 0 ? H5Sget_simple_extent_ndims(space) : 0;
    H5D_layout_t layout = H5Pget_layout(list);
    d->elsewhere = (layout != H5D_CHUNKED && layout != H5D_CONTIGUOUS && layout != H5D_COMPACT) || H5Pget_external_count(list) > 0;
    hsize_t extent[SHIM_RANK] = {0};
    if (d->rank < 0 || d->rank > SHIM_RANK || H5Sget_simple_extent_dims(space, extent, NULL) < 0) status = failed(why);
    for (int i = 0; status == 0 && i < d->rank; i++) d->shape[i] = extent[i];
    memset(extent, 0, sizeof extent);
    if (status == 0 && layout == H5D_CHUNKED && H5Pget_chunk(list, SHIM_RANK, extent) < 0) status = failed(why);
    for (int i = 0; status == 0 && i < d->rank; i++) d->chunk[i] = extent[i];
  }
  if (type >= 0) H5Tclose(type);
  if (space >= 0) H5Sclose(space);
  if (list >= 0) H5Pclose(list);
  return status;
}

int shim_close_dataset(int64_t dataset, char *why) {
  quiet(why);
  return H5Dclose(dataset) < 0 ? failed(why) : 0;
}

static hid_t memory_type(int kind) {
  if (kind == SHIM_INT64) return H5T_NATIVE_INT64;
  if (kind == SHIM_UINT64) return H5T_NATIVE_UINT64;
  return H5T_NATIVE_DOUBLE;
}

// select_rows selects rows in a space of the dataset and makes one of them alone.
static int select_rows(hid_t space, uint64_t first, uint64_t count, hid_t *rows) {
  hsize_t extent[SHIM_RANK], start[SHIM_RANK] = {0};
  int rank = H5Sget_simple_extent_dims(space, extent, NULL);
  if (rank < 1) return -1;
  start[0] = first;
  extent[0] = count;
  if (H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, extent, NULL) < 0) return -1;
  *rows = H5Screate_simple(rank, extent, NULL);
  return *rows < 0 ? -1 : 0;
}

int shim_read(int64_t dataset, int kind, uint64_t first, uint64_t count, void *numbers, char *why) {
  quiet(why);
  hid_t rows = -1, space = H5Dget_space(dataset);
  int status = 0;
  if (space < 0 || select_rows(space, first, count, &rows) < 0 ||
      H5Dread(dataset, memory_type(kind), rows, space, H5P_DEFAULT, numbers) < 0) {
    status = failed(why);
  }
  if (rows >= 0) H5Sclose(rows);
  if (space >= 0) H5Sclose(space);
  return status;
}

int64_t shim_create_dataset(int64_t file, const char *name, uint64_t columns, uint64_t chunk_rows, char *why) {
  quiet(why);
  int rank = columns == 0 ? 1 : 2;
  hsize_t extent[2] = {0, columns}, most[2] = {H5S_UNLIMITED, columns}, chunk[2] = {chunk_rows, columns};
  hid_t space = H5Screate_simple(rank, extent, most), list = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(list, rank, chunk);
  H5Pset_obj_track_times(list, 0);  // the same numbers make the same file
  hid_t dataset = H5Dcreate2(file, name, H5T_IEEE_F64LE, space, H5P_DEFAULT, list, H5P_DEFAULT);
  if (dataset < 0) failed(why);
  H5Pclose(list);
  H5Sclose(space);
  return dataset;
}

int shim_append(int64_t dataset, uint64_t first, uint64_t count, const double *numbers, char *why) {
  quiet(why);
  hsize_t extent[SHIM_RANK];
  hid_t rows = -1, space = H5Dget_space(dataset);
  int status = 0;
  if (space < 0 || H5Sget_simple_extent_dims(space, extent, NULL) < 0) status = failed(why);
  if (space >= 0) H5Sclose(space);
  if (status < 0) return status;
  extent[0] = first + count;
  if (H5Dset_extent(dataset, extent) < 0 || (space = H5Dget_space(dataset)) < 0) return failed(why);
  if (select_rows(space, first, count, &rows) < 0 || H5Dwrite(dataset, H5T_NATIVE_DOUBLE, rows, space, H5P_DEFAULT, numbers) < 0) {
    status = failed(why);
  }
  if (rows >= 0) H5Sclose(rows);
  H5Sclose(space);
  return status;
}

int shim_set_texts(int64_t object, const char *name, const char *const *texts, int64_t count, char *why) {
  quiet(why);
  hsize_t extent[1] = {(hsize_t)count};
  hid_t space = count < 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, extent, NULL);
  hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  hid_t naming = H5Pcreate(H5P_ATTRIBUTE_CREATE);
  H5Pset_char_encoding(naming, H5T_CSET_UTF8);
  hid_t attribute = H5Acreate2(object, name, type, space, naming, H5P_DEFAULT);
  int status = attribute < 0 || H5Awrite(attribute, type, texts) < 0 ? failed(why) : 0;
  if (attribute >= 0) H5Aclose(attribute);
  H5Pclose(naming);
  H5Tclose(type);
  H5Sclose(space);
  return status;
}

// join copies texts of up to width bytes each, or of any length where texts is a
// list of pointers.
static char *join(char **pointers, const char *fixed, size_t width, hssize_t n, size_t *size) {
  *size = 0;
  for (hssize_t i = 0; i < n; i++) *size += (pointers ? (pointers[i] ? strlen(pointers[i]) : 0) : strnlen(fixed + i * width, width)) + 1;
  char *all = malloc(*size + 1), *at = all;
  if (!all) return NULL;
  for (hssize_t i = 0; i < n; i++) {
    const char *text = pointers ? (pointers[i] ? pointers[i] : "") : fixed + i * width;
    const size_t length = pointers ? strlen(text) : strnlen(text, width);
    memcpy(at, text, length);
    at += length;
    *at++ = 0;
  }
  return all;
}

static int read_texts(hid_t attribute, hid_t type, hid_t space, char **texts, size_t *size, int64_t *count, char *why) {
  const hssize_t most = 1 << 20;
  hssize_t n = H5Sget_simple_extent_npoints(space);
  int rank = H5Sget_simple_extent_ndims(space);
  if (n < 0 || rank < 0) return failed(why);
  *count = rank == 0 ? -1 : n;
  if (n > most || rank > 1) return refused(why, "the attribute holds too many texts");
  if (H5Tis_variable_str(type) > 0) {
    char **pointers = calloc(n + 1, sizeof *pointers);
    if (!pointers) return refused(why, "no memory is left");
    int status = H5Aread(attribute, type, pointers) < 0 ? failed(why) : 0;
    if (status == 0) {
      *texts = join(pointers, NULL, 0, n, size);
      H5Dvlen_reclaim(type, space, H5P_DEFAULT, pointers);
    }
    free(pointers);
    return status;
  }
  size_t width = H5Tget_size(type);
  if (width == 0 || width > ((size_t)64 << 20) / (size_t)(n + 1)) return refused(why, "the attribute holds too many texts");
  char *fixed = calloc(n + 1, width);
  if (!fixed) return refused(why, "no memory is left");
  int status = H5Aread(attribute, type, fixed) < 0 ? failed(why) : 0;
  if (status == 0) *texts = join(NULL, fixed, width, n, size);
  free(fixed);
  return status;
}

int shim_texts(int64_t object, const char *name, char **texts, size_t *size, int64_t *count, char *why) {
  quiet(why);
  *texts = NULL;
  *size = 0;
  *count = -2;
  htri_t there = H5Aexists(object, name);
  if (there <= 0) return there < 0 ? failed(why) : 0;
  hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
  if (attribute < 0) return failed(why);
  hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
  int status = type < 0 || space < 0 ? failed(why) : 0;
  if (status == 0 && H5Tget_class(type) == H5T_STRING && H5Sis_simple(space) > 0) {
    status = read_texts(attribute, type, space, texts, size, count, why);
  }
  if (type >= 0) H5Tclose(type);
  if (space >= 0) H5Sclose(space);
  H5Aclose(attribute);
  return status;
}

void shim_free(char *texts) { free(texts); }
