/* Stands between a program and the C library: writes down what the program does to
 * the files below one folder, so that the test can build the disks that a power cut
 * would have left; and lets a chosen call fail, so that the test can see what the
 * program makes of it.
 *
 *   STORAGE_FOLDER  the folder that is watched
 *   STORAGE_TRACE   where the record goes; without it nothing is recorded
 *   STORAGE_FAULT   a file of one `struct fault`, shared with the test
 *
 * The index of SQLite's log (-shm) is left out: nothing is kept in it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum operation {
    CREATE = 1,
    WRITE,
    TRUNCATE,
    SYNC_BEGIN,
    SYNC_END,
    RENAME,
    LINK,
    UNLINK,
    MKDIR,
    FOLDER_SYNC_BEGIN,
    FOLDER_SYNC_END,
};

/* The head of a record; names and bytes follow it. */
struct record {
    uint32_t operation;
    uint32_t first_name;
    uint32_t second_name;
    uint32_t bytes;
    uint64_t file;
    uint64_t number;
};

/* Which calls fail: those numbered from `first` on, `count` of them. */
struct fault {
    uint64_t calls;
    uint64_t first;
    uint64_t count;
    int64_t error; /* an errno; 0: half of what is to be written is written */
    uint64_t failed;
};

enum kind { OPENS, READS, WRITES, SYNCS, NAMES, REMOVES };

#define FDS 4096
static char names[FDS][256]; /* below the folder; empty: not watched */
static char folder[PATH_MAX];
static size_t folder_length;
static int trace = -1;
static struct fault *fault;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t syncs;

#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
    const char *where = getenv("STORAGE_FOLDER");
    if (!where) return;
    strncpy(folder, where, sizeof folder - 1);
    folder_length = strlen(folder);
    const char *record = getenv("STORAGE_TRACE"), *shared = getenv("STORAGE_FAULT");
    if (record) trace = REAL(open)(record, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (shared) {
        int fd = REAL(open)(shared, O_RDWR | O_CLOEXEC);
        if (fd >= 0) {
            void *at = mmap(NULL, sizeof *fault, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
            if (at != MAP_FAILED) fault = at;
            REAL(close)(fd);
        }
    }
}

/* The name below the folder, or nothing where it is not watched. */
static const char *below(const char *path) {
    if (!folder_length || !path) return NULL;
    if (strncmp(path, folder, folder_length) != 0) return NULL;
    const char *name = path + folder_length;
    if (*name == 0) return "/";
    if (*name != '/') return NULL;
    size_t length = strlen(++name);
    if (length == 0) return "/";
    if (length >= 4 && strcmp(name + length - 4, "-shm") == 0) return NULL;
    return length < sizeof names[0] ? name : NULL;
}

static const char *name_of(int fd) { return fd >= 0 && fd < FDS && names[fd][0] ? names[fd] : NULL; }

static uint64_t identity(int fd) {
    struct stat64 s;
    return fstat64(fd, &s) == 0 ? (uint64_t)s.st_ino : 0;
}

static void note(uint32_t operation, const char *first, const char *second, const struct iovec *parts, int count,
                 uint64_t file, uint64_t number, size_t bytes) {
    if (trace < 0) return;
    struct record head = {operation, first ? strlen(first) : 0, second ? strlen(second) : 0, bytes, file, number};
    struct iovec all[64] = {{&head, sizeof head}, {(void *)first, head.first_name}, {(void *)second, head.second_name}};
    int n = 3;
    for (int i = 0; i < count && n < 64 && bytes; i++) {
        size_t take = parts[i].iov_len < bytes ? parts[i].iov_len : bytes;
        all[n].iov_base = parts[i].iov_base;
        all[n++].iov_len = take;
        bytes -= take;
    }
    int kept = errno;
    if (REAL(writev)(trace, all, n) < 0) abort(); /* a record with holes proves nothing */
    errno = kept;
}

/* Whether this call has to fail; sets errno. Called with the lock held. */
static int fails(enum kind kind, int *shortens) {
    *shortens = 0;
    if (!fault) return 0;
    uint64_t call = fault->calls++;
    if (fault->count == 0 || call < fault->first || call - fault->first >= fault->count) return 0;
    int error = (int)fault->error;
    if (error == 0) {
        if (kind != WRITES) return 0;
        *shortens = 1;
    }
    if (error == ENOSPC && (kind == READS || kind == SYNCS || kind == REMOVES)) return 0;
    if (error == EMFILE && kind != OPENS) return 0;
    if (error == EINTR && (kind == NAMES || kind == SYNCS || kind == REMOVES)) return 0;
    fault->failed++;
    if (*shortens) return 0;
    errno = error;
    return 1;
}

static int refused(enum kind kind) {
    int shortens;
    return fails(kind, &shortens);
}

static int opened(int (*open_it)(const char *, int, mode_t), const char *path, int flags, mode_t mode) {
    const char *name = below(path);
    if (!name) {
        int fd = open_it(path, flags, mode);
        if (fd >= 0 && fd < FDS) names[fd][0] = 0;
        return fd;
    }
    pthread_mutex_lock(&lock);
    int is_new = 0, is_emptied = 0, fd = -1;
    struct stat64 s;
    if (flags & O_CREAT) is_new = lstat64(path, &s) != 0;
    if ((flags & O_TRUNC) && !is_new) is_emptied = 1;
    if (!refused(OPENS)) fd = open_it(path, flags, mode);
    if (fd >= FDS) abort();
    if (fd >= 0) {
        strcpy(names[fd], name);
        if (is_new) note(CREATE, name, NULL, NULL, 0, identity(fd), 0, 0);
        if (is_emptied) note(TRUNCATE, NULL, NULL, NULL, 0, identity(fd), 0, 0);
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

static int open_plain(const char *path, int flags, mode_t mode) { return REAL(open)(path, flags, mode); }
static int open_large(const char *path, int flags, mode_t mode) { return REAL(open64)(path, flags, mode); }

static mode_t mode_of(int flags, va_list rest) { return flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; }

int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return opened(open_plain, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return opened(open_large, path, flags, mode);
}

int openat(int at, const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    if (path[0] == '/') return opened(open_plain, path, flags, mode);
    return REAL(openat)(at, path, flags, mode);
}

int openat64(int at, const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    if (path[0] == '/') return opened(open_large, path, flags, mode);
    return REAL(openat64)(at, path, flags, mode);
}

int close(int fd) {
    if (fd >= 0 && fd < FDS) names[fd][0] = 0;
    return REAL(close)(fd);
}

static ssize_t written(int fd, const struct iovec *parts, int count, int64_t at) {
    pthread_mutex_lock(&lock);
    int shortens = 0;
    ssize_t done = -1;
    size_t bytes = 0;
    for (int i = 0; i < count; i++) bytes += parts[i].iov_len;
    if (!fails(WRITES, &shortens)) {
        int64_t offset = at;
        if (at < 0) {
            struct stat64 s;
            offset = REAL(fcntl)(fd, F_GETFL) & O_APPEND ? (fstat64(fd, &s), s.st_size) : lseek64(fd, 0, SEEK_CUR);
        }
        if (shortens && bytes > 1) {
            size_t half = bytes / 2 < parts[0].iov_len ? bytes / 2 : parts[0].iov_len;
            done = at < 0 ? REAL(write)(fd, parts[0].iov_base, half) : REAL(pwrite64)(fd, parts[0].iov_base, half, at);
        } else {
            done = at < 0 ? REAL(writev)(fd, parts, count) : REAL(pwritev64)(fd, parts, count, at);
        }
        if (done > 0) note(WRITE, NULL, NULL, parts, count, identity(fd), offset, done);
    }
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t write(int fd, const void *bytes, size_t length) {
    if (!name_of(fd)) return REAL(write)(fd, bytes, length);
    struct iovec one = {(void *)bytes, length};
    return written(fd, &one, 1, -1);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    return name_of(fd) ? written(fd, parts, count, -1) : REAL(writev)(fd, parts, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
    if (!name_of(fd)) return REAL(pwrite)(fd, bytes, length, at);
    struct iovec one = {(void *)bytes, length};
    return written(fd, &one, 1, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
    if (!name_of(fd)) return REAL(pwrite64)(fd, bytes, length, at);
    struct iovec one = {(void *)bytes, length};
    return written(fd, &one, 1, at);
}

/* A copy made by the kernel would not be seen: the caller falls back to reading and writing. */
ssize_t copy_file_range(int in, off64_t *in_at, int out, off64_t *out_at, size_t length, unsigned flags) {
    if (!name_of(out)) return REAL(copy_file_range)(in, in_at, out, out_at, length, flags);
    errno = EXDEV;
    return -1;
}

ssize_t sendfile(int out, int in, off_t *at, size_t length) {
    typedef ssize_t (*call)(int, int, off_t *, size_t);
    if (!name_of(out)) return ((call)real("sendfile"))(out, in, at, length);
    errno = EINVAL;
    return -1;
}

ssize_t sendfile64(int out, int in, off64_t *at, size_t length) {
    typedef ssize_t (*call)(int, int, off64_t *, size_t);
    if (!name_of(out)) return ((call)real("sendfile64"))(out, in, at, length);
    errno = EINVAL;
    return -1;
}

static int read_is_refused(int fd) {
    if (!name_of(fd) || !fault) return 0;
    pthread_mutex_lock(&lock);
    int is = refused(READS);
    pthread_mutex_unlock(&lock);
    return is;
}

ssize_t read(int fd, void *into, size_t length) {
    return read_is_refused(fd) ? -1 : REAL(read)(fd, into, length);
}

ssize_t pread(int fd, void *into, size_t length, off_t at) {
    return read_is_refused(fd) ? -1 : REAL(pread)(fd, into, length, at);
}

ssize_t pread64(int fd, void *into, size_t length, off64_t at) {
    return read_is_refused(fd) ? -1 : REAL(pread64)(fd, into, length, at);
}

static int shortened(int fd, int64_t length, int (*shorten)(int, int64_t)) {
    if (!name_of(fd)) return shorten(fd, length);
    pthread_mutex_lock(&lock);
    int result = -1;
    if (!refused(WRITES)) {
        result = shorten(fd, length);
        if (result == 0) note(TRUNCATE, NULL, NULL, NULL, 0, identity(fd), length, 0);
    }
    pthread_mutex_unlock(&lock);
    return result;
}

static int shorten_plain(int fd, int64_t length) { return REAL(ftruncate)(fd, length); }
static int shorten_large(int fd, int64_t length) { return REAL(ftruncate64)(fd, length); }
int ftruncate(int fd, off_t length) { return shortened(fd, length, shorten_plain); }
int ftruncate64(int fd, off64_t length) { return shortened(fd, length, shorten_large); }

/* What was written before a sync began lasts once it has ended. */
static int synced(int fd, int (*sync)(int)) {
    const char *name = name_of(fd);
    if (!name) return sync(fd);
    struct stat64 s;
    int is_folder = fstat64(fd, &s) == 0 && S_ISDIR(s.st_mode);
    pthread_mutex_lock(&lock);
    int is_refused = refused(SYNCS);
    uint64_t number = ++syncs;
    if (!is_refused) note(is_folder ? FOLDER_SYNC_BEGIN : SYNC_BEGIN, name, NULL, NULL, 0, s.st_ino, number, 0);
    pthread_mutex_unlock(&lock);
    if (is_refused) return -1;
    int result = sync(fd);
    pthread_mutex_lock(&lock);
    if (result == 0) note(is_folder ? FOLDER_SYNC_END : SYNC_END, name, NULL, NULL, 0, s.st_ino, number, 0);
    pthread_mutex_unlock(&lock);
    return result;
}

static int sync_all(int fd) { return REAL(fsync)(fd); }
static int sync_data(int fd) { return REAL(fdatasync)(fd); }
int fsync(int fd) { return synced(fd, sync_all); }
int fdatasync(int fd) { return synced(fd, sync_data); }

int rename(const char *from, const char *to) {
    const char *first = below(from), *second = below(to);
    if (!first || !second) return REAL(rename)(from, to);
    pthread_mutex_lock(&lock);
    int result = -1;
    if (!refused(NAMES) && (result = REAL(rename)(from, to)) == 0) note(RENAME, first, second, NULL, 0, 0, 0, 0);
    pthread_mutex_unlock(&lock);
    return result;
}

static int linked(const char *from, const char *to, int (*make)(const char *, const char *)) {
    const char *first = below(from), *second = below(to);
    if (!first || !second) return make(from, to);
    pthread_mutex_lock(&lock);
    int result = -1;
    if (!refused(NAMES) && (result = make(from, to)) == 0) note(LINK, first, second, NULL, 0, 0, 0, 0);
    pthread_mutex_unlock(&lock);
    return result;
}

static int link_plain(const char *from, const char *to) { return REAL(link)(from, to); }
static int link_at(const char *from, const char *to) { return REAL(linkat)(AT_FDCWD, from, AT_FDCWD, to, 0); }
int link(const char *from, const char *to) { return linked(from, to, link_plain); }

int linkat(int from_at, const char *from, int to_at, const char *to, int flags) {
    if (from[0] == '/' && to[0] == '/') return linked(from, to, link_at);
    return REAL(linkat)(from_at, from, to_at, to, flags);
}

int unlink(const char *path) {
    const char *name = below(path);
    if (!name) return REAL(unlink)(path);
    pthread_mutex_lock(&lock);
    int result = -1;
    if (!refused(REMOVES) && (result = REAL(unlink)(path)) == 0) note(UNLINK, name, NULL, NULL, 0, 0, 0, 0);
    pthread_mutex_unlock(&lock);
    return result;
}

int mkdir(const char *path, mode_t mode) {
    const char *name = below(path);
    if (!name) return REAL(mkdir)(path, mode);
    pthread_mutex_lock(&lock);
    int result = -1;
    if (!refused(NAMES) && (result = REAL(mkdir)(path, mode)) == 0) note(MKDIR, name, NULL, NULL, 0, 0, 0, 0);
    pthread_mutex_unlock(&lock);
    return result;
}
