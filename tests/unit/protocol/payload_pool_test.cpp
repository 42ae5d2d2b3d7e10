#include "common/protocol/payload_pool.hpp"

#include <catch2/catch.hpp>

using fedgram::protocol::PayloadPool;

TEST_CASE("A payload that was given back is the next one's buffer", "[protocol]")
{
    const auto pool = std::make_shared<PayloadPool>();
    auto payload = pool->take(1000);
    const auto* const buffer = payload.data();
    CHECK(pool->take(1000).data() != buffer);
    pool->give_back(std::move(payload));
    payload = pool->take(500);
    CHECK(payload.data() == buffer);
    CHECK(payload.size() == 500);
}

TEST_CASE("Of a crowd's payloads few are kept, small ones more", "[protocol]")
{
    const auto kept = [](std::size_t size) {
        const auto pool = std::make_shared<PayloadPool>();
        std::vector<std::vector<float>> crowd;
        for (int i = 0; i < 100; ++i) crowd.push_back(pool->take(size));
        for (auto& payload : crowd) pool->give_back(std::move(payload));
        int count = 0;
        // What is new has as much room as it asks for.
        while (pool->take(1).capacity() >= size) ++count;
        return count;
    };
    CHECK(kept(32 * 1024 + 1) == 4);
    CHECK(kept(32 * 1024) == 32);
}

TEST_CASE("A shared payload comes back after its last use, even if its pool has ended", "[protocol]")
{
    auto pool = std::make_shared<PayloadPool>();
    auto shared = pool->share(std::vector<float>(1000, 2.5f));
    const auto* const buffer = shared->data();
    auto again = shared;
    shared.reset();
    CHECK((*again)[999] == 2.5f);
    again.reset();
    CHECK(pool->take(1000).data() == buffer);

    shared = pool->share({1, 2});
    pool.reset();
    CHECK(*shared == std::vector<float>{1, 2});
}
