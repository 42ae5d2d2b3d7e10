#include "common/learning/native/dropout_stage.hpp"

#include <algorithm>
#include <cmath>

#include "common/learning/native/runs.hpp"
#include "common/random/stream.hpp"

namespace fedgram::learning::native {

namespace {

constexpr int parts = 65'536;
constexpr std::size_t word_bits = 16;

// Draws of 16 bits, four of a number, compared with a limit all at once.
class FourDraws {
public:
    FourDraws(Stream& stream, std::uint16_t limit)
        : stream_{stream}, above_{static_cast<std::uint64_t>(parts - limit) * 0x1'0000'0001}
    {
    }

    // A bit for each of the next `count` draws, at most 16: whether it is not below the limit.
    unsigned next(std::size_t count)
    {
        while (known_ < count) {
            // Draws lie in halves of 32 bits, the first and third, the second and fourth. What is added to one makes it
            // 2^16 or more where it is not below the limit.
            const std::uint64_t bits = stream_.bits();
            const std::uint64_t even = (bits & 0xFFFF'0000'FFFF) + above_;
            const std::uint64_t odd = (bits >> 16 & 0xFFFF'0000'FFFF) + above_;
            const std::uint64_t carries = (even >> 16 & 0x1'0000'0001) | (odd >> 15 & 0x2'0000'0002);
            bits_ |= ((carries | carries >> 30) & 0xF) << known_;
            known_ += 4;
        }
        const auto taken = static_cast<unsigned>(bits_ & ((1U << count) - 1));
        bits_ >>= count;
        known_ -= count;
        return taken;
    }

private:
    Stream& stream_;
    std::uint64_t above_;
    std::uint64_t bits_ = 0;
    std::size_t known_ = 0;  // of bits_
};

}  // namespace

DropoutStage::DropoutStage(const Kernels& kernels, double probability, std::uint64_t number, Activations& in,
                           Activations& out, bool input_gradient)
    : kernels_{kernels},
      dropped_of_65536_{static_cast<std::uint16_t>(std::min(std::round(probability * parts), parts - 1.0))},
      kept_factor_{static_cast<float>(parts) / static_cast<float>(parts - dropped_of_65536_)},
      number_{number},
      in_{in},
      out_{out},
      input_gradient_{input_gradient}
{
}

void DropoutStage::draw_by(std::uint64_t seed, std::uint64_t step)
{
    seed_ = seed;
    step_ = step;
}

void DropoutStage::draw(std::size_t runs, std::size_t run_size)
{
    Stream stream{seed_, Purpose::dropout, step_, number_};
    run_words_ = padded(run_size) / word_bits;
    kept_.resize(std::max(kept_.size(), runs * run_words_));
    FourDraws draws{stream, dropped_of_65536_};
    for (std::size_t run = 0; run < runs; ++run)
        for (std::size_t first = 0; first < run_size; first += word_bits)
            kept_[run * run_words_ + first / word_bits] =
                static_cast<std::uint16_t>(draws.next(std::min(word_bits, run_size - first)));
}

void DropoutStage::begin_forward(std::size_t samples)
{
    std::size_t runs = 0;
    std::size_t run_size = 0;
    for_each_run(in_, out_, {0, samples}, [&](const Run& run) {
        ++runs;
        run_size = run.count;
    });
    sample_runs_ = runs / samples;
    draw(runs, run_size);
}

void DropoutStage::forward_part(Part part)
{
    std::size_t number = part.first * sample_runs_;
    for_each_run(in_, out_, part, [&](const Run& run) {
        kernels_.keep(values_of(in_).data() + run.a, kept_.data() + number++ * run_words_, kept_factor_, run.count,
                      values_of(out_).data() + run.b);
    });
}

void DropoutStage::evaluate_part(Part part)
{
    for_each_run(in_, out_, part, [&](const Run& run) {
        std::copy_n(values_of(in_).data() + run.a, run.count, values_of(out_).data() + run.b);
    });
}

void DropoutStage::backward_part(Part part)
{
    if (!input_gradient_) return;
    std::size_t number = part.first * sample_runs_;
    for_each_gradient_run(in_, out_, part, [&](const Run& run) {
        kernels_.keep(gradients_of(out_).data() + run.b, kept_.data() + number++ * run_words_, kept_factor_, run.count,
                      gradients_of(in_).data() + run.a);
    });
}

}  // namespace fedgram::learning::native
