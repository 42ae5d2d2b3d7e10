#include "common/net/stream.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <string_view>

#include "common/net/socket_stream.hpp"

namespace fedgram::net {

void spare_pacing(int socket)
{
    constexpr std::string_view algorithm = "cubic";
    static_cast<void>(
        ::setsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, algorithm.data(), static_cast<socklen_t>(algorithm.size())));
}

std::unique_ptr<Stream> plain_stream(asio::ip::tcp::socket socket)
{
    return std::make_unique<SocketStream<asio::ip::tcp::socket>>(std::move(socket));
}

}  // namespace fedgram::net
