#include <cstddef>
#include <cstdlib>
#include <new>

#include <catch2/catch.hpp>

#include "common/serving/batcher.hpp"

namespace {

std::size_t allocations = 0;

}  // namespace

void* operator new(std::size_t size)
{
    ++allocations;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc{};
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

using namespace fedgram::serving;

TEST_CASE("Once its queue has been full, a batcher allocates nothing more")
{
    Batcher batcher{{.max_batch = 4, .queue_limit = 32, .deadline = Nanoseconds{1000}}};
    Nanoseconds now;
    std::uint64_t next_id = 0;
    std::size_t ended = 0;
    // An instance that is busy while the queue fills; then some expire, then batches leave.
    const auto turn = [&] {
        for (int i = 0; i < 40; ++i) ended += batcher.request_arrives(RequestId{next_id++}, now).batch.size();
        now += Nanoseconds{500};
        for (int i = 0; i < 4; ++i) ended += batcher.instance_is_free(0, now).batch.size();
        now += Nanoseconds{500};
        ended += batcher.time_passes(now).expired.size();
        ended += batcher.instance_is_free(0, now).batch.size();
    };
    turn();
    const auto before = allocations;
    const auto ended_before = ended;
    for (int i = 0; i < 1000; ++i) turn();
    CHECK(allocations == before);
    CHECK(ended - ended_before == 1000U * 33);
}
