// Loaded before the C library by LD_PRELOAD: shifts the wall clock of a process by as many seconds as a file says at
// the moment, so that a test can let it jump. Clocks that only go forward are left alone, as by a person or NTP that
// sets the time.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace {

/// In the file that FEDGRAM_JUMPING_CLOCK names: one 64-bit number, which the test changes as it likes.
const volatile std::int64_t* shift()
{
    static const volatile std::int64_t* const mapped = [] {
        const char* const path = std::getenv("FEDGRAM_JUMPING_CLOCK");
        const int file = path ? ::open(path, O_RDONLY | O_CLOEXEC) : -1;
        void* const memory =
            file < 0 ? MAP_FAILED : ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
        if (memory == MAP_FAILED) std::abort();  // a test without its clock would prove nothing
        ::close(file);
        return static_cast<const volatile std::int64_t*>(memory);
    }();
    return mapped;
}

timespec wall_clock()
{
    timespec now{};
    ::syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    now.tv_sec += *shift();
    return now;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept
{
    if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)
        return static_cast<int>(::syscall(SYS_clock_gettime, clock, time));
    *time = wall_clock();
    return 0;
}

int gettimeofday(timeval* time, void*) noexcept
{
    const auto now = wall_clock();
    *time = {now.tv_sec, now.tv_nsec / 1000};
    return 0;
}

time_t time(time_t* result) noexcept
{
    const auto now = wall_clock().tv_sec;
    if (result) *result = now;
    return now;
}

int timespec_get(timespec* time, int base) noexcept
{
    if (base != TIME_UTC) return 0;
    *time = wall_clock();
    return base;
}

}  // extern "C"
