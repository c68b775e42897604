/* A disk that fails when it is told to, put between a server and the kernel by LD_PRELOAD.

   Of all programs here only the database writes by pwrite64, ftruncate64 and fdatasync. What to do
   stands in a file of numbers that both sides map (FAULTY_DISK); what was done to the files
   is appended to another, if there is one (FAULTY_DISK_JOURNAL). tests/faults/disk.py is the
   other side. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE_ERROR, SYNC_ERROR, KILL_AT_WRITE, KILL_AT_SYNC, KILL_AT_FILE_WRITE, IS_DEAF, IS_TORN,
       WRITES, SYNCS, FILE_WRITES, WRITE_FAULTS, SYNC_FAULTS, NUMBERS };

struct record { int64_t kind, file, offset, length; };

static volatile int64_t *numbers;
static int journal = -1;
static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
static int (*real_sync)(int), (*real_truncate)(int, off64_t);

__attribute__((constructor)) static void begin(void) {
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_sync = dlsym(RTLD_NEXT, "fdatasync");
    real_truncate = dlsym(RTLD_NEXT, "ftruncate64");
    const char *path = getenv("FAULTY_DISK");
    int handle = path ? open(path, O_RDWR) : -1;
    if (handle < 0) return;
    numbers = mmap(0, NUMBERS * 8, PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
    close(handle);
    path = getenv("FAULTY_DISK_JOURNAL");
    if (path) journal = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int is_due(int which, int64_t now) { return numbers[which] && now >= numbers[which]; }

static int64_t count(int which) { return __atomic_add_fetch(&numbers[which], 1, __ATOMIC_SEQ_CST); }

/* 'w' for the log, 'f' for the database file itself, 0 for all else. */
static int64_t file_of(int handle) {
    char link[40] = "/proc/self/fd/", path[4096], digits[12];
    int at = 11;
    digits[at] = 0;
    for (int rest = handle; at == 11 || rest; rest /= 10) digits[--at] = '0' + rest % 10;
    strcat(link, digits + at);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 4) return 0;
    path[size] = 0;
    if (!strcmp(path + size - 4, "-wal")) return 'w';
    return strcmp(path + size - 3, ".db") ? 0 : 'f';
}

static void note(int64_t kind, int64_t file, int64_t offset, int64_t length, const void *data) {
    if (journal < 0 || !file) return;
    struct record head = { kind, file, offset, length };
    struct iovec parts[2] = { { &head, sizeof head }, { (void *)data, data ? length : 0 } };
    if (writev(journal, parts, 2) < 0) abort();
}

ssize_t pwrite64(int handle, const void *data, size_t size, off64_t offset) {
    if (!numbers) return real_pwrite(handle, data, size, offset);
    int64_t file = file_of(handle);
    int is_last = is_due(KILL_AT_WRITE, count(WRITES));
    if (file == 'f') is_last |= is_due(KILL_AT_FILE_WRITE, count(FILE_WRITES));
    if (is_last) {
        if (numbers[IS_TORN]) real_pwrite(handle, data, size / 2, offset);
        kill(getpid(), SIGKILL);
    }
    if (numbers[WRITE_ERROR]) {
        count(WRITE_FAULTS);
        errno = numbers[WRITE_ERROR];
        return -1;
    }
    ssize_t done = real_pwrite(handle, data, size, offset);
    if (done > 0) note('W', file, offset, done, data);
    return done;
}

int ftruncate64(int handle, off64_t size) {
    int failed = real_truncate(handle, size);
    if (numbers && !failed) note('T', file_of(handle), size, 0, 0);
    return failed;
}

int fdatasync(int handle) {
    if (!numbers) return real_sync(handle);
    if (numbers[IS_DEAF]) return 0;
    if (is_due(KILL_AT_SYNC, count(SYNCS))) kill(getpid(), SIGKILL);
    if (numbers[SYNC_ERROR]) {
        count(SYNC_FAULTS);
        errno = numbers[SYNC_ERROR];
        return -1;
    }
    int failed = real_sync(handle);
    if (!failed) note('S', file_of(handle), 0, 0, 0);
    return failed;
}
