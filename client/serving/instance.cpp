#include "client/serving/instance.hpp"

#include <chrono>
#include <utility>

namespace fedgram::client {

Instance::Instance(const ServedModel& model, std::function<void()> done)
    : network_{model}, classes_{model.model.shape.classes}, done_{std::move(done)}, thread_{[this] { run(); }}
{
}

Instance::~Instance()
{
    {
        const std::lock_guard lock{mutex_};
        over_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void Instance::begin(std::vector<std::span<const float>> images)
{
    {
        const std::lock_guard lock{mutex_};
        images_ = std::move(images);
    }
    changed_.notify_one();
}

void Instance::run()
{
    for (;;) {
        std::vector<std::span<const float>> images;
        {
            std::unique_lock lock{mutex_};
            changed_.wait(lock, [this] { return over_ || !images_.empty(); });
            if (images_.empty()) return;
            images.swap(images_);
        }
        const auto begun = std::chrono::steady_clock::now();
        logits_.resize(images.size() * classes_);
        network_.logits(images, logits_);
        const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - begun;
        took_ = serving::Nanoseconds{took.count()};
        done_();
    }
}

}  // namespace fedgram::client
