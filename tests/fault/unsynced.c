/* Loaded before libc into a server under test: what a disk would still hold after a power cut.
 *
 * At every fsync and fdatasync of a database file in $SYNCED_FROM its content is copied to $SYNCED_TO under the same name.
 * What was written since then is not there: the worst that a disk may do with it. Files renamed or cut short are not
 * followed; SQLite in WAL mode does neither to what it needs.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void keep(int file)
{
    const char *from = getenv("SYNCED_FROM"), *to = getenv("SYNCED_TO");
    char link[64], path[PATH_MAX], target[PATH_MAX], fresh[PATH_MAX], block[65536];
    if (!from || !to)
        return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0)
        return;
    path[length] = 0;
    char *name = strrchr(path, '/');
    if (strncmp(path, from, strlen(from)) || !name || strncmp(name, "/seminar.db", 11))
        return;
    if (snprintf(target, sizeof target, "%s%s", to, name) >= (int)sizeof target ||
        snprintf(fresh, sizeof fresh, "%s%s.new", to, name) >= (int)sizeof fresh)
        return;
    int out = open(fresh, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (out < 0)
        return;
    off_t at = 0;
    ssize_t got;
    while ((got = pread(file, block, sizeof block, at)) > 0) {
        if (write(out, block, got) != got)
            break;
        at += got;
    }
    close(out);
    rename(fresh, target);
}

int fsync(int file)
{
    int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
    int outcome = real(file);
    if (!outcome)
        keep(file);
    return outcome;
}

int fdatasync(int file)
{
    int (*real)(int) = dlsym(RTLD_NEXT, "fdatasync");
    int outcome = real(file);
    if (!outcome)
        keep(file);
    return outcome;
}
