#include "common/privacy/adaptive_clip.hpp"

#include <vector>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::privacy;

namespace {

void play(AdaptiveClip& clip, const std::vector<double>& norms)
{
    double sum = 0;
    for (const double norm : norms) sum += clip.shifted_bit(norm);
    clip.ended(sum);
}

/// The clip after 60 rounds of eleven updates with the norms 0.5, 0.6, ... 1.5, of which 1 is the median.
double after_sixty_rounds(double initial)
{
    AdaptiveClip clip{{.initial = initial}, 11};
    std::vector<double> norms;
    for (int tenths = 5; tenths <= 15; ++tenths) norms.push_back(tenths / 10.0);
    for (int round = 0; round < 60; ++round) play(clip, norms);
    return clip.clip();
}

}  // namespace

TEST_CASE("The clip finds the median of the norms from below and from above", "[privacy]")
{
    CHECK(after_sixty_rounds(0.1) == Approx(1.0065).margin(5e-5));
    CHECK(after_sixty_rounds(3) == Approx(1.0077).margin(5e-5));
}

TEST_CASE("A clip that most updates exceed grows", "[privacy]")
{
    // By hand: one of five is no longer than 1, and e^(-0.2 (0.2 - 0.5)) = e^0.06.
    AdaptiveClip clip{{.initial = 1}, 5};
    play(clip, {1, 1.1, 2, 3, 4});
    CHECK(clip.clip() == Approx(1.061837).margin(5e-7));
}

TEST_CASE("The clip of a round stands until the round has ended", "[privacy]")
{
    AdaptiveClip clip{{}, 10};
    CHECK(clip.clip() == 0.1);
    CHECK(clip.shifted_bit(0.1) == 0.5);
    CHECK(clip.shifted_bit(0.11) == -0.5);
    CHECK(clip.clip() == 0.1);
    clip.ended(-5);
    CHECK(clip.clip() == Approx(0.1 * 1.1051709));  // e^0.1
}

TEST_CASE("Nodes that are missing count as neither longer nor shorter", "[privacy]")
{
    AdaptiveClip nobody{{}, 10};
    nobody.ended(0);
    CHECK(nobody.clip() == 0.1);
    AdaptiveClip few{{.initial = 1, .quantile = 0.8, .rate = 0.5}, 10};
    play(few, {2, 2});  // -1 / 10 + 1/2 = 0.4, and e^0.2
    CHECK(few.clip() == Approx(1.2214028));
}

TEST_CASE("A clip goes on from where a checkpoint had it, to the last bit", "[privacy]")
{
    AdaptiveClip undisturbed{{}, 3};
    play(undisturbed, {1, 2, 3});
    AdaptiveClip resumed{{}, 3};
    resumed.restore(undisturbed.clip());
    for (auto* clip : {&undisturbed, &resumed}) play(*clip, {0.1, 0.2, 0.105});
    CHECK(resumed.clip() == undisturbed.clip());
    CHECK(resumed.clip() == 0x1.b5d663a0f5b90p-4);
}

TEST_CASE("A clip neither vanishes nor runs off for good", "[privacy]")
{
    AdaptiveClip shrinking{{}, 1};
    AdaptiveClip growing{{}, 1};
    for (int round = 0; round < 20000; ++round) {
        play(shrinking, {0});
        growing.ended(-0.5);
    }
    CHECK(shrinking.clip() == 0x1p-100);
    CHECK(growing.clip() == 0x1p100);
}

TEST_CASE("Updates and bits together cost what the noise multiplier says", "[privacy]")
{
    CHECK(bit_noise(100) == 5);
    CHECK(update_noise_multiplier(1, 100) == Approx(1.005037815).epsilon(1e-9));
    CHECK(update_noise_multiplier(0, 10) == 0);
    // By hand: 2 x 2 / 20 = 0.2, and 0.12^-2 - 0.2^-2 = 0.15^-2.
    CHECK(update_noise_multiplier(0.12, 2) == Approx(0.15));
}

TEST_CASE("Too few nodes for the noise can't have an adaptive clip", "[privacy]")
{
    CHECK_THROWS_AS(update_noise_multiplier(1, 10), SpecError);
    CHECK_THROWS_WITH(
        update_noise_multiplier(1, 10),
        "noise_multiplier: 1 is too much for an adaptive clip with 10 nodes a round, whose bits alone "
        "give away more than that; use a noise_multiplier below 1, more than 10 nodes a round, or a fixed "
        "clip");
    CHECK_NOTHROW(update_noise_multiplier(1, 10.5));
}
