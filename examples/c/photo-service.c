/* SPDX-License-Identifier: MIT */
/* photo-service.c -- takes photos on a Unix socket, with libstoryphoto: for a site in any
 * language that would rather ask a socket than start a program.
 *
 *     photo-service /run/photos.sock /srv/site/public/photos /photos
 *
 * A client sends a language in two letters, then the photo, and shuts its side down. It gets
 * two lines: the receipt, and, unless all is published, what to tell the person. One session
 * serves all, so that a photo costs no start of a program. There are AT_ONCE threads, each of
 * which takes one client after the other; who comes when all are busy waits to be accepted.
 * SIGTERM ends it when what is begun is done.
 *
 * Who may connect is said by the mode of the socket's folder. It does not listen on a network.
 */
#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <storyphoto.h>
#include <string.h>

#define AT_ONCE 4
#define SILENCE 30 /* seconds that a client may neither send nor read */

typedef struct {
    SpSession *session;  /* owned; for all threads */
    SpPreset *preset;    /* owned; only read from now on */
    SpTarget target;     /* borrows from argv */
    GSocket *listener;   /* owned */
    GCancellable *ended; /* owned */
} Service;

static char *
answer(Service *service, GSocket *client)
{
    char language[3] = {0}; /* whatever it is: a tag of no known language is English */
    if (g_socket_receive(client, language, 2, NULL, NULL) != 2)
        return NULL;
    /* No name: nothing that a client says names a file. What is wrong with the photo, or with
     * us, stands in the receipt; sp_process() always gives one. */
    SpUpload upload = {.fd = g_socket_get_fd(client), .name = "upload"};
    g_autoptr(SpReceipt) receipt =
        sp_process(service->session, service->preset, &upload, &service->target);
    g_autofree char *json = sp_receipt_to_json(receipt);
    if (receipt->error == NULL)
        return g_strconcat(json, "\n", NULL);
    if (!sp_error_is_refusal(receipt->error->code)) /* for who keeps the site */
        g_printerr("%s (%s)\n", receipt->error->message, sp_error_word(receipt->error->code));
    return g_strconcat(json, "\n", sp_error_sentence(receipt->error->code, language), "\n",
                       NULL);
}

static void
send_all(GSocket *client, const char *text)
{
    gsize n = strlen(text);
    while (n > 0) {
        /* A client that is gone is no error of ours; GSocket raises no SIGPIPE. */
        gssize sent = g_socket_send(client, text, n, NULL, NULL);
        if (sent <= 0)
            return;
        text += sent;
        n -= (gsize)sent;
    }
}

/* One of AT_ONCE threads. */
static gpointer
work(gpointer data)
{
    Service *service = data;
    while (!g_cancellable_is_cancelled(service->ended)) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GSocket) client = g_socket_accept(service->listener, service->ended, &error);
        if (client == NULL) {
            /* Too few descriptors, say: not in a circle at full speed. */
            if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
                g_usleep(100000);
            continue;
        }
        g_socket_set_timeout(client, SILENCE);
        g_autofree char *text = answer(service, client);
        if (text != NULL)
            send_all(client, text);
    }
    return NULL;
}

static gboolean
prepare(Service *service, GError **error)
{
    service->preset = sp_preset_load("story", error);
    return service->preset != NULL &&
           sp_preset_set(service->preset, "preset.names=random", error) &&
           /* For the photo, and for who sends it: a slow sender keeps one of the threads. */
           sp_preset_set(service->preset, "limits.timeout=20", error) &&
           sp_preset_set(service->preset, "limits.input-timeout=30", error) &&
           sp_preset_check(service->preset, error);
}

static gboolean
listen_at(Service *service, const char *path, GError **error)
{
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
    service->listener = g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, error);
    (void)g_unlink(path); /* of one that was killed; bind() does not replace it */
    return service->listener != NULL &&
           g_socket_bind(service->listener, address, FALSE, error) &&
           g_socket_listen(service->listener, error);
}

static gboolean
end(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_CONTINUE;
}

static void
serve(Service *service)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    GThread *threads[AT_ONCE];
    g_unix_signal_add(SIGTERM, end, loop);
    g_unix_signal_add(SIGINT, end, loop);
    for (guint i = 0; i < AT_ONCE; i++)
        threads[i] = g_thread_new("photo", work, service);
    g_main_loop_run(loop);
    /* What is begun is finished; sp_session_cancel() would end it. The session may be freed
     * when nothing of it runs. */
    g_cancellable_cancel(service->ended);
    for (guint i = 0; i < AT_ONCE; i++)
        g_thread_join(threads[i]);
}

int
main(int argc, char **argv)
{
    if (argc != 4) {
        g_printerr("usage: photo-service SOCKET FOLDER URL\n");
        return 64;
    }
    g_autoptr(GError) error = NULL;
    Service service = {.target = {.folder = argv[2], .base_url = argv[3], .threads = 1}};
    gboolean ready = prepare(&service, &error) && listen_at(&service, argv[1], &error);
    if (ready) {
        service.session = sp_session_new();
        service.ended = g_cancellable_new();
        serve(&service);
        (void)g_unlink(argv[1]);
        sp_session_free(service.session);
    } else {
        g_printerr("photo-service: %s\n", error->message);
    }
    g_clear_object(&service.ended);
    g_clear_object(&service.listener);
    sp_preset_free(service.preset);
    return ready ? 0 : 1;
}
