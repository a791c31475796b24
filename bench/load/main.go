// Load generator for CONNECT and SOCKS5: nothing packaged drives them, and one written for Node was itself the
// bottleneck. Loopback only. Prints one JSON line.
//
//	load -mode setup -kind connect|socks|direct -proxy 127.0.0.1:8888 -user u -pass p -target 127.0.0.1:80 -c 64 -d 5s
//	load -mode bulk  … -c 4 -d 5s      (GET /bytes/… over and over, bytes counted)
//	load -mode get   … -c 64 -d 5s     (plain proxying: absolute-form GET of 1 KiB, connections kept)
//	load -mode steady … -c 16 -rate 1000 -kind direct -proxy 127.0.0.1:80 -path /x -headers "Cookie: a"  (latencies)
//	load -mode idle  … -c 10000        (opens tunnels, prints "open", holds them until its input ends)
//	load -mode origin                  (serves both; prints its port)
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

var (
	mode    = flag.String("mode", "setup", "setup, bulk, get, idle or origin")
	kind    = flag.String("kind", "direct", "connect, socks or direct")
	proxy   = flag.String("proxy", "", "host:port of the proxy")
	user    = flag.String("user", "", "")
	pass    = flag.String("pass", "", "")
	target  = flag.String("target", "", "host:port of the origin")
	workers = flag.Int("c", 64, "concurrent workers")
	length  = flag.Duration("d", 5*time.Second, "how long")
	rate    = flag.Int("rate", 1000, "steady: requests per second, all connections together")
	path    = flag.String("path", "/", "steady: what is asked for")
	fields  = flag.String("headers", "", "steady: header lines, separated by \\n")
	header  = flag.Bool("proxy-protocol", false, "begin with a PROXY v2 header, as Traefik does")
)

// PROXY v2, TCP over IPv4, 127.0.0.1:4242 → 127.0.0.1:8888.
var proxyHeader = []byte("\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\x7f\x00\x00\x01\x7f\x00\x00\x01\x10\x92\x22\xb8")

func main() {
	flag.Parse()
	if *mode == "origin" {
		serve()
		return
	}
	for _, address := range []string{*proxy, *target} {
		if address != "" && !strings.HasPrefix(address, "127.") {
			fmt.Fprintln(os.Stderr, "load goes to the loopback range only")
			os.Exit(2)
		}
	}
	if *mode == "idle" {
		idle()
		return
	}
	if *mode == "steady" {
		steady()
		return
	}
	var done, failed, bytes atomic.Int64
	deadline := time.Now().Add(*length)
	var group sync.WaitGroup
	for range *workers {
		group.Add(1)
		go func() {
			defer group.Done()
			for time.Now().Before(deadline) {
				if *mode == "get" {
					count, err := gets(deadline)
					done.Add(count)
					if err != nil && count == 0 {
						failed.Add(1)
						time.Sleep(time.Millisecond)
					}
					continue
				}
				received, err := once(deadline)
				bytes.Add(received)
				if err != nil {
					failed.Add(1)
					time.Sleep(time.Millisecond)
					continue
				}
				done.Add(1)
			}
		}()
	}
	started := time.Now()
	group.Wait()
	seconds := time.Since(started).Seconds()
	json.NewEncoder(os.Stdout).Encode(map[string]any{
		"perSecond":          float64(done.Load()) / seconds,
		"megabytesPerSecond": float64(bytes.Load()) / 1e6 / seconds,
		"failed":             failed.Load(),
	})
}

// once opens one tunnel and either fetches 1 KiB (setup) or reads until the deadline (bulk).
func once(deadline time.Time) (int64, error) {
	connection, err := open()
	if err != nil {
		return 0, err
	}
	defer connection.Close()
	connection.SetDeadline(deadline.Add(5 * time.Second))
	size := int64(1024)
	if *mode == "bulk" {
		size = 1 << 40
	}
	if _, err := fmt.Fprintf(connection, "GET /%d HTTP/1.1\r\nHost: x\r\n\r\n", size); err != nil {
		return 0, err
	}
	if *mode == "setup" {
		buffer := make([]byte, 0, 2048)
		for len(buffer) < 1024 {
			chunk := buffer[len(buffer):cap(buffer)]
			read, err := connection.Read(chunk)
			if err != nil {
				return int64(len(buffer)), err
			}
			buffer = buffer[:len(buffer)+read]
		}
		return int64(len(buffer)), nil
	}
	buffer := make([]byte, 1<<20)
	var total int64
	for time.Now().Before(deadline) {
		read, err := connection.Read(buffer)
		total += int64(read)
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

// gets fetches 1 KiB over and over on one connection, until the deadline or until the proxy closes it.
func gets(deadline time.Time) (int64, error) {
	address := *proxy
	if *kind == "direct" {
		address = *target
	}
	connection, err := net.Dial("tcp", address)
	if err != nil {
		return 0, err
	}
	defer connection.Close()
	connection.SetDeadline(deadline.Add(5 * time.Second))
	if *header {
		connection.Write(proxyHeader)
	}
	request := "GET http://" + *target + "/1024 HTTP/1.1\r\nHost: " + *target + "\r\n"
	if *kind == "direct" {
		request = "GET /1024 HTTP/1.1\r\nHost: " + *target + "\r\n"
	}
	if *user != "" {
		request += "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(*user+":"+*pass)) + "\r\n"
	}
	reader := bufio.NewReader(connection)
	var count int64
	for time.Now().Before(deadline) {
		if _, err := io.WriteString(connection, request+"\r\n"); err != nil {
			return count, err
		}
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			return count, err
		}
		length, err := io.Copy(io.Discard, response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != 200 || length != 1024 {
			return count, fmt.Errorf("status %d, %d bytes: %v", response.StatusCode, length, err)
		}
		count++
		if response.Close {
			return count, nil
		}
	}
	return count, nil
}

// steady asks at a fixed rate and tells how long answers took from when they were due: a slow one delays no clock.
func steady() {
	lines := strings.ReplaceAll(*fields, "\\n", "\r\n")
	if lines != "" {
		lines += "\r\n"
	}
	request := "GET " + *path + " HTTP/1.1\r\n" + lines + "\r\n"
	each := time.Second * time.Duration(*workers) / time.Duration(*rate)
	started := time.Now()
	took := make([][]time.Duration, *workers)
	var failed atomic.Int64
	var group sync.WaitGroup
	for i := range took {
		group.Add(1)
		go func() {
			defer group.Done()
			connection, err := net.Dial("tcp", *proxy)
			if err != nil {
				failed.Add(1)
				return
			}
			defer connection.Close()
			reader := bufio.NewReader(connection)
			due := started.Add(each * time.Duration(i) / time.Duration(*workers))
			for ; due.Before(started.Add(*length)); due = due.Add(each) {
				time.Sleep(time.Until(due))
				connection.SetDeadline(time.Now().Add(5 * time.Second))
				io.WriteString(connection, request)
				response, err := http.ReadResponse(reader, nil)
				if err != nil || response.StatusCode != 200 {
					failed.Add(1)
					return
				}
				io.Copy(io.Discard, response.Body)
				response.Body.Close()
				took[i] = append(took[i], time.Since(due))
			}
		}()
	}
	group.Wait()
	all := slices.Concat(took...)
	slices.Sort(all)
	at := func(part float64) float64 {
		if len(all) == 0 {
			return 0
		}
		return float64(all[int(part*float64(len(all)-1))].Microseconds()) / 1000
	}
	json.NewEncoder(os.Stdout).Encode(map[string]any{
		"perSecond": float64(len(all)) / length.Seconds(), "p50Ms": at(0.5), "p99Ms": at(0.99), "failed": failed.Load(),
	})
}

// idle holds tunnels open, so that somebody can look at the proxy's memory meanwhile.
func idle() {
	places := make(chan struct{}, 64)
	held := make([]net.Conn, *workers)
	var group sync.WaitGroup
	for i := range held {
		places <- struct{}{}
		group.Add(1)
		go func() {
			defer group.Done()
			connection, err := open()
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
			held[i] = connection
			<-places
		}()
	}
	group.Wait()
	count := 0
	for _, connection := range held {
		if connection != nil {
			count++
		}
	}
	fmt.Println(count)
	io.Copy(io.Discard, os.Stdin)
	runtime.KeepAlive(held)
}

func open() (net.Conn, error) {
	if *kind == "direct" {
		return net.Dial("tcp", *target)
	}
	connection, err := net.Dial("tcp", *proxy)
	if err != nil {
		return nil, err
	}
	connection.SetDeadline(time.Now().Add(10 * time.Second))
	if *header {
		if _, err := connection.Write(proxyHeader); err != nil {
			return nil, err
		}
	}
	if *kind == "connect" {
		err = connectHTTP(connection)
	} else {
		err = connectSOCKS(connection)
	}
	if err != nil {
		connection.Close()
		return nil, err
	}
	return connection, nil
}

func connectHTTP(connection net.Conn) error {
	authorization := ""
	if *user != "" {
		authorization = "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(*user+":"+*pass)) + "\r\n"
	}
	if _, err := fmt.Fprintf(connection, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", *target, *target, authorization); err != nil {
		return err
	}
	// The origin speaks second, so nothing of it can follow the head.
	head := make([]byte, 0, 512)
	for !strings.Contains(string(head), "\r\n\r\n") {
		if len(head) == cap(head) {
			return errors.New("head too long")
		}
		read, err := connection.Read(head[len(head):cap(head)])
		if err != nil {
			return err
		}
		head = head[:len(head)+read]
	}
	if !strings.HasPrefix(string(head), "HTTP/1.1 200") && !strings.HasPrefix(string(head), "HTTP/1.0 200") {
		return errors.New(strings.SplitN(string(head), "\r\n", 2)[0])
	}
	return nil
}

func connectSOCKS(connection net.Conn) error {
	host, portText, err := net.SplitHostPort(*target)
	if err != nil {
		return err
	}
	port, _ := strconv.Atoi(portText)
	reply := make([]byte, 10)
	connection.Write([]byte{5, 1, 2})
	if _, err := io.ReadFull(connection, reply[:2]); err != nil {
		return err
	}
	request := append([]byte{1, byte(len(*user))}, *user...)
	request = append(append(request, byte(len(*pass))), *pass...)
	connection.Write(request)
	if _, err := io.ReadFull(connection, reply[:2]); err != nil || reply[1] != 0 {
		return fmt.Errorf("authentication: %v status %d", err, reply[1])
	}
	request = append([]byte{5, 1, 0, 1}, net.ParseIP(host).To4()...)
	connection.Write(binary.BigEndian.AppendUint16(request, uint16(port)))
	if _, err := io.ReadFull(connection, reply); err != nil || reply[1] != 0 {
		return fmt.Errorf("connect: %v reply %d", err, reply[1])
	}
	return nil
}

func serve() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	block := make([]byte, 256<<10)
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer connection.Close()
			reader := bufio.NewReader(connection)
			for {
				line, err := reader.ReadString('\n')
				if err != nil {
					return
				}
				size, err := strconv.ParseInt(strings.TrimPrefix(strings.Split(line, " ")[1], "/"), 10, 64)
				if err != nil {
					return
				}
				for line != "\r\n" {
					if line, err = reader.ReadString('\n'); err != nil {
						return
					}
				}
				fmt.Fprintf(connection, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", size)
				for size > 0 {
					count, err := connection.Write(block[:min(size, int64(len(block)))])
					if err != nil {
						return
					}
					size -= int64(count)
				}
			}
		}()
	}
}
