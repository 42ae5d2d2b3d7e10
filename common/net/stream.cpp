#include "common/net/stream.hpp"

#include "common/net/socket_stream.hpp"

namespace fedgram::net {

std::unique_ptr<Stream> plain_stream(asio::ip::tcp::socket socket)
{
    return std::make_unique<SocketStream<asio::ip::tcp::socket>>(std::move(socket));
}

}  // namespace fedgram::net
